"""Asks the model to judge a batch of attributes, and accepts only what answers the question.

Holds no transaction and touches no ORM: everything it needs is in the batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import llm
from llm.errors import InvalidAnswer, LLMError, PromptTooLong, Refused, Truncated
from synapse.scoping.facts import AttributeFacts
from synapse.scoping.schemas import Judgements
from synapse.scoping.services.checking import Judged, check

OPERATION = "scoping.judge"
REASKS = 2
# A smaller batch may be answered where a larger one was not; anything else is for the engine.
SPLIT_ON = (Truncated, PromptTooLong, InvalidAnswer, Refused)


@dataclass(frozen=True)
class Failure:
    """Why an attribute has no judgement."""

    code: str
    message: str


@dataclass
class Outcome:
    """What came of a batch: every id that was asked for is in exactly one of the two."""

    judged: dict[str, Judged] = field(default_factory=dict)
    failed: dict[str, Failure] = field(default_factory=dict)

    def add(self, other: "Outcome") -> None:
        self.judged |= other.judged
        self.failed |= other.failed

    def fall_back_on(self, unsupported: dict[str, Judged]) -> None:
        """Rather a judgement that lacks its quote, and is marked so, than none."""
        for id_ in self.failed.keys() & unsupported.keys():
            del self.failed[id_]
            self.judged[id_] = unsupported[id_]


@dataclass(frozen=True)
class Caller:
    """On whose behalf the model is called."""

    job_id: int | None = None
    item_key: str = ""
    owner_id: int | None = None
    data_owner: str = ""
    scope: str = ""


async def judge(
    attributes: Sequence[AttributeFacts], report: dict, caller: Caller, *, fresh: bool = False
) -> Outcome:
    """Judges a batch. Wrong or missing answers are re-asked alone; a batch too much is halved.

    Errors that concern the provider, not the batch, are raised for the engine to handle.
    """
    outcome = Outcome()
    waiting = {each.id: each for each in attributes}
    unsupported: dict[str, Judged] = {}
    told: list[str] = []
    for number in range(1, 2 + REASKS):
        try:
            answer = await _call(list(waiting.values()), report, told, caller, fresh)
        except SPLIT_ON as error:
            outcome.add(await _split(list(waiting.values()), report, caller, error, fresh))
            break
        checked = check(waiting, answer.parsed.judgements)
        source = {"call_id": answer.call_id, "simulated": answer.simulated}
        for id_, judged in checked.accepted.items():
            outcome.judged[id_] = replace(judged, **source)
            del waiting[id_]
        unsupported |= {id_: replace(each, **source) for id_, each in checked.unsupported.items()}
        if not waiting:
            return outcome
        # Numbered, so that a mistake made twice is not answered from the cache with itself.
        told = [f"answer {number} of {1 + REASKS} was not usable:"]
        told += [f"{id_}: {text}" for id_, text in sorted(checked.problems.items())]
    else:
        for id_, problem in checked.problems.items():
            outcome.failed[id_] = Failure(
                "wrong_answer",
                f"The model's answer was not usable after {1 + REASKS} requests: {problem}.",
            )
    outcome.fall_back_on(unsupported)
    return outcome


async def _split(
    attributes: list[AttributeFacts], report: dict, caller: Caller, error: LLMError, fresh: bool
) -> Outcome:
    """Halves what failed as a whole; what fails alone has failed."""
    if len(attributes) == 1:
        return Outcome(failed={attributes[0].id: Failure(error.code, error.message)})
    middle = len(attributes) // 2
    outcome = Outcome()
    for half in (attributes[:middle], attributes[middle:]):
        outcome.add(await judge(half, report, caller, fresh=fresh))
    return outcome


async def _call(attributes, report, told: list[str], caller: Caller, fresh: bool):
    return await llm.complete(
        OPERATION,
        {
            "report": report,
            "attributes": [_for_model(each) for each in attributes],
            "problems": told or "nothing",
        },
        Judgements,
        job_id=caller.job_id,
        item_key=caller.item_key,
        owner_id=caller.owner_id,
        data_owner=caller.data_owner,
        scope=caller.scope,
        items=len(attributes),
        fresh=fresh,
    )


def _for_model(attribute: AttributeFacts) -> dict:
    """Only what is needed to judge; the flags are ours to add, so they stay here."""
    kept = attribute.as_dict()
    del kept["is_cde"], kept["has_open_issue"]
    return {name: value for name, value in kept.items() if value or name == "id"}
