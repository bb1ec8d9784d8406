"""Whether a prompt version may be pinned, by how it was evaluated beside the one in use."""

from llm import prompt_versions, providers
from llm.errors import NotConfigured
from llm.evaluation.comparison import compare
from llm.evaluation.errors import VersionNotEvaluated, VersionWorse
from llm.evaluation.keeping import counts
from llm.models import Evaluation, PromptVersion


def require_no_worse(version: PromptVersion) -> None:
    """VersionWorse or VersionNotEvaluated, unless it did as well as the present one did.

    On each golden set the present version's newest evaluation is held against the newest of this
    one with the same model. Where the environment's provider isn't simulated, neither may be.
    """
    present = prompt_versions.chosen(version.operation, version.scope)
    if present.hash == version.hash:
        return
    ours = _evaluations(version, version.hash)
    for golden, known in _newest_of_each(_evaluations(version, present.hash)).items():
        tried = [
            each
            for each in ours
            if (each.golden_hash, each.model) == (known.golden_hash, known.model)
        ]
        if not tried:
            raise VersionNotEvaluated(
                version=version.version, present=present.version, golden=golden, model=known.model
            )
        worse = [each for each in compare(known, tried[0]) if each.worse]
        if worse:
            what = "; ".join(
                f"{each.kind} of {each.measure} {each.second.value:.3f} after "
                f"{each.first.value:.3f} on {golden} with {known.model}"
                for each in worse
            )
            raise VersionWorse(version=version.version, present=present.version, what=what)


def _evaluations(version: PromptVersion, prompt_hash: str) -> list[Evaluation]:
    """Those that may decide, newest first."""
    found = Evaluation.objects.filter(
        operation=version.operation, prompt_scope=version.scope, prompt_hash=prompt_hash
    )
    if not _simulated_here(version.operation):
        found = found.filter(simulated=False)
    return [each for each in found.order_by("-id") if counts(each)]


def _newest_of_each(evaluations: list[Evaluation]) -> dict[str, Evaluation]:
    newest: dict[str, Evaluation] = {}
    for each in evaluations:
        newest.setdefault(each.golden, each)
    return newest


def _simulated_here(operation: str) -> bool:
    try:
        return providers.routed(operation)[0].simulated
    except NotConfigured:
        return False
