"""How many things one call may ask about, so that its answer is not cut off."""

from django.db.models import F, FloatField
from django.db.models.functions import Cast

from llm import prompt_versions, providers
from llm.errors import NotConfigured
from llm.models import LLMCall

# Share of the output limit that an answer is expected to fill at most: one cut off is paid in vain.
SHARE = 0.6
# Calls whose answers are measured; of these the dearest tenth a thing decides.
MEASURED = 50
PERCENTILE = 0.9


def batch_size(operation: str, *, expected: float, most: int, scope: str = "") -> int:
    """Things to ask about at once, 1 to `most`: what fills 60 % of the output limit.

    `expected` is the tokens a thing's answer takes, until answers of the operation were measured.
    The limit is the prompt's, or that of the tightest provider that may answer.
    """
    limits = [prompt_versions.chosen(operation, scope).max_output_tokens]
    try:
        limits += [each.output_tokens for each in providers.routed(operation) if each.output_tokens]
    except NotConfigured:
        return most
    tokens = tokens_of_one(operation) or expected
    return max(1, min(most, int(SHARE * min(limits) / tokens)))


def tokens_of_one(operation: str) -> float | None:
    """Tokens that answering about one thing took, by the operation's last calls; None without any.

    Near the dearest, not the mean: the calls that are cut off are those.
    """
    answered = LLMCall.objects.filter(
        operation=operation,
        outcome=LLMCall.Outcome.OK,
        cached=False,
        items__gt=0,
        tokens_out__gt=0,
    ).order_by("-id")
    each = Cast(F("tokens_out"), FloatField()) / F("items")
    found = sorted(answered.values_list(each, flat=True)[:MEASURED])
    return found[int(PERCENTILE * (len(found) - 1))] if found else None
