"""Asks the model to judge a batch of attributes, and accepts only what answers the question.

Holds no transaction and touches no ORM: everything it needs is in the batch.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import llm
from llm.errors import InvalidAnswer, LLMError, PromptTooLong, Refused, Truncated
from synapse.scoping.facts import AttributeFacts
from synapse.scoping.schemas import Judgement, Judgements
from synapse.scoping.scoring import COMPONENTS, Components

OPERATION = "scoping.judge"
REASKS = 2
LONGEST_RATIONALE = 2000
# A smaller batch may be answered where a larger one was not; anything else is for the engine.
SPLIT_ON = (Truncated, PromptTooLong, InvalidAnswer, Refused)


@dataclass(frozen=True)
class Judged:
    """An accepted judgement and the call that gave it."""

    components: Components
    rationale: str
    call_id: int | None = None
    simulated: bool = False


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
    problems: dict[str, str] = {}
    for _ in range(1 + REASKS):
        try:
            answer = await _call(list(waiting.values()), report, problems, caller, fresh)
        except SPLIT_ON as error:
            outcome.add(await _split(list(waiting.values()), report, caller, error))
            return outcome
        accepted, problems = check(set(waiting), answer.parsed.judgements)
        for id_, (components, rationale) in accepted.items():
            outcome.judged[id_] = Judged(components, rationale, answer.call_id, answer.simulated)
            del waiting[id_]
        if not waiting:
            return outcome
        # The same question would be answered from the cache, with the same mistake.
        fresh = True
    for id_ in waiting:
        message = f"The model's answer was not usable after {1 + REASKS} requests: {problems[id_]}."
        outcome.failed[id_] = Failure("wrong_answer", message)
    return outcome


def check(
    asked: set[str], answers: Sequence[Judgement]
) -> tuple[dict[str, tuple[Components, str]], dict[str, str]]:
    """The answers that can be used, and for every other id that was asked for what is wrong."""
    times = Counter(each.id for each in answers)
    accepted: dict[str, tuple[Components, str]] = {}
    problems = {id_: "it was left out" for id_ in asked}
    for each in answers:
        if each.id not in asked:
            continue
        if times[each.id] > 1:
            problems[each.id] = "it was answered more than once"
            continue
        try:
            components = Components(**{name: getattr(each, name) for name in COMPONENTS})
        except ValueError as error:
            problems[each.id] = str(error)
            continue
        if not each.rationale.strip():
            problems[each.id] = "it has no rationale"
            continue
        accepted[each.id] = (components, each.rationale.strip()[:LONGEST_RATIONALE])
    return accepted, {id_: text for id_, text in problems.items() if id_ not in accepted}


async def _split(
    attributes: list[AttributeFacts], report: dict, caller: Caller, error: LLMError
) -> Outcome:
    """Halves what failed as a whole; what fails alone has failed."""
    if len(attributes) == 1:
        return Outcome(failed={attributes[0].id: Failure(error.code, error.message)})
    middle = len(attributes) // 2
    outcome = Outcome()
    for half in (attributes[:middle], attributes[middle:]):
        outcome.add(await judge(half, report, caller))
    return outcome


async def _call(attributes, report, problems, caller: Caller, fresh: bool):
    told = [f"{id_}: {text}" for id_, text in sorted(problems.items())]
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
