"""Which model answers to which name: providers move a name to another model without a word."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

# Steps from one (provider, asked, returned) to the next through the index llm_call_model, so it
# takes as long as there are different ones, however many calls there were.
SEEN = """
WITH RECURSIVE seen AS (
    (SELECT provider, model_asked, model_returned, id FROM llm_llmcall
     ORDER BY provider, model_asked, model_returned, id LIMIT 1)
    UNION ALL
    SELECT next.* FROM seen, LATERAL (
        SELECT provider, model_asked, model_returned, id FROM llm_llmcall AS call
        WHERE (call.provider, call.model_asked, call.model_returned)
            > (seen.provider, seen.model_asked, seen.model_returned)
        ORDER BY provider, model_asked, model_returned, id LIMIT 1
    ) AS next
)
SELECT provider, model_asked, model_returned, seen.id, call.started_at
FROM seen JOIN llm_llmcall AS call USING (id, provider, model_asked, model_returned)
ORDER BY seen.id
"""


@dataclass(frozen=True)
class Seen:
    """The first call by which a provider's model answered under a name; `returned` may be "":
    nothing was returned yet."""

    provider: str
    asked: str
    returned: str
    call_id: int
    at: datetime


@dataclass(frozen=True)
class Change:
    """A name that has come to stand for another model than the one before."""

    provider: str
    asked: str
    before: str
    returned: str
    call_id: int
    at: datetime


def models_seen() -> list[Seen]:
    """One of each provider, model asked and model returned, the oldest first; one query."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN)
        return [Seen(*row) for row in cursor.fetchall()]


def changes(seen: Iterable[Seen]) -> list[Change]:
    """Where what answers to a name became another, the oldest first."""
    last, found = {}, []
    for each in seen:
        if not each.returned:
            continue
        name = (each.provider, each.asked)
        if name in last:
            found.append(Change(*name, last[name], each.returned, each.call_id, each.at))
        last[name] = each.returned
    return found


def change_of(call, changed: Iterable[Change]) -> Change | None:
    """The change that brought in the model that answered this call, if a change did."""
    named = (call.provider, call.model_asked, call.model_returned)
    return next(
        (each for each in changed if (each.provider, each.asked, each.returned) == named), None
    )
