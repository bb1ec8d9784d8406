"""Which answers of the model can be used: one by one, each by what was sent of its attribute."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from synapse.scoping import evidence
from synapse.scoping.contradictions import problems_in
from synapse.scoping.evidence import Quote
from synapse.scoping.facts import AttributeFacts
from synapse.scoping.schemas import Judgement
from synapse.scoping.scoring import COMPONENTS, Components

LONGEST_RATIONALE = 2000


@dataclass(frozen=True)
class Judged:
    """A judgement, the quote it rests on, and the call that gave it.

    `unsupported` says that it should have had a quote and none was found.
    """

    components: Components
    rationale: str
    quote: Quote = Quote()
    unsupported: bool = False
    call_id: int | None = None
    simulated: bool = False


@dataclass
class Checked:
    """What came of one answer; `problems` names every id that was asked for and not accepted.

    Those of them in `unsupported` lack nothing but a quote that occurs.
    """

    accepted: dict[str, Judged] = field(default_factory=dict)
    unsupported: dict[str, Judged] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def check(asked: Mapping[str, AttributeFacts], answers: Sequence[Judgement]) -> Checked:
    """Judgements by id, for each id that was asked for; an answer to no question is left aside."""
    times = Counter(each.id for each in answers)
    checked = Checked(problems=dict.fromkeys(asked, "it was left out"))
    for each in answers:
        if each.id not in asked:
            continue
        if times[each.id] > 1:
            checked.problems[each.id] = "it was answered more than once"
            continue
        _judge(each, asked, checked)
    return checked


def _judge(answer: Judgement, asked: Mapping[str, AttributeFacts], checked: Checked) -> None:
    attribute = asked[answer.id]
    try:
        components = Components(**{name: getattr(answer, name) for name in COMPONENTS})
    except ValueError as error:
        checked.problems[answer.id] = str(error)
        return
    problems = problems_in(answer.rationale, components, attribute, set(asked))
    rationale = answer.rationale.strip()[:LONGEST_RATIONALE]
    quote = evidence.find(answer.quote, attribute)
    if quote is None:
        if not problems:
            given = evidence.as_given(answer.quote)
            checked.unsupported[answer.id] = Judged(components, rationale, given, True)
        problems.append(evidence.why_not_found(answer.quote, attribute, asked.values()))
    if problems:
        checked.problems[answer.id] = "; ".join(problems)
    else:
        checked.accepted[answer.id] = Judged(components, rationale, quote)
        del checked.problems[answer.id]
