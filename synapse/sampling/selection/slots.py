"""The numbered list of all reasons a record of this population can have, for one scope."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from synapse.sampling.selection import kinds
from synapse.sampling.selection.checks import Check, condition
from synapse.sampling.selection.context import Context, RunRule
from synapse.sampling.selection.survey import Survey

# Part of the hash of the question: another way of choosing is another question.
METHOD = "selection 1"


@dataclass(frozen=True)
class Slot:
    """A check of ours, or a rule on one of the attributes it is about."""

    number: int
    attribute: int
    kind: str
    points: int
    tenths: int
    check: Check | None = None
    rule: RunRule | None = None

    @property
    def category(self) -> str:
        return kinds.category_of(self.kind)


def slots_of(context: Context, survey: Survey) -> list[Slot]:
    return list(_slots(context, survey))


def _slots(context: Context, survey: Survey) -> Iterator[Slot]:
    places = {each.column: at for at, each in enumerate(context.attributes)}
    number = 0
    for check in survey.checks:
        at, tenths = places[check.column], kinds.TENTHS[check.kind]
        points = context.attributes[at].weight * tenths
        yield Slot(number, at, check.kind, points, tenths, check=check)
        number += 1
    for rule in context.rules:
        tenths = kinds.RULE_TENTHS[rule.severity]
        for column in dict.fromkeys(rule.attributes):
            if column in places:
                at = places[column]
                points = context.attributes[at].weight * tenths
                yield Slot(number, at, kinds.RULE, points, tenths, rule=rule)
                number += 1


def query_hash(context: Context, survey: Survey) -> str:
    """SHA-256 over every condition and weight, so that a later run can prove it asked the same."""
    attributes = {each.column: each for each in context.attributes}
    lines = [METHOD, "|".join(context.key_columns)]
    for slot in slots_of(context, survey):
        if slot.check:
            asked = condition(slot.check, attributes[slot.check.column])
        else:
            asked = f"{slot.rule.rule_id} on {context.attributes[slot.attribute].column}"
        lines.append(f"{slot.points} {asked}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
