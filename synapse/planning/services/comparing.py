"""What taking a dictionary into a plan would do, field by field."""

from dataclasses import dataclass, field

from synapse.planning.dictionary.fields import Field
from synapse.planning.dictionary.reading import Dictionary
from synapse.planning.dictionary.text import comparable, same_name
from synapse.planning.models import Attribute, Plan
from synapse.planning.states import Source

# What a dictionary says of a field; flags and keys are the tester's and stay at a re-import.
TAKEN = (
    "name", "technical_name", "line", "item_code", "format", "data_type", "length", "scale",
    "requirement", "static_dynamic", "description", "allowed_values",
)  # fmt: skip


@dataclass
class Comparison:
    """What an import would do, field by field."""

    added: list[Field] = field(default_factory=list)
    changed: list[tuple[Attribute, Field, list[str]]] = field(default_factory=list)
    unchanged: list[tuple[Attribute, Field]] = field(default_factory=list)
    absent: list[Attribute] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        names = ("added", "changed", "unchanged", "absent")
        return {name: len(getattr(self, name)) for name in names}


def compare(plan: Plan, dictionary: Dictionary) -> Comparison:
    """Fields paired with the plan's attributes by name, else by line with the same item code."""
    attributes = list(plan.attributes.all())
    by_name = {same_name(attribute.name): attribute for attribute in attributes}
    # A drafted name may be what the dictionary has as the technical one.
    by_technical = {
        _run_together(attribute.name): attribute
        for attribute in attributes
        if attribute.source == Source.MODEL
    }
    by_line = {
        (attribute.line, attribute.item_code): attribute
        for attribute in attributes
        if attribute.line and attribute.item_code
    }
    result, seen = Comparison(), set()
    named = {same_name(entry.name) for entry in dictionary.fields}
    for entry in dictionary.fields:
        attribute = by_name.get(same_name(entry.name))
        if attribute is None and entry.technical_name:
            drafted = by_technical.get(_run_together(entry.technical_name))
            if drafted is not None and same_name(drafted.name) not in named:
                attribute = drafted
        if attribute is None:
            moved = by_line.get((entry.line, entry.item_code))
            if moved is not None and same_name(moved.name) not in named:
                attribute = moved
        if attribute is None:
            result.added.append(entry)
            continue
        seen.add(attribute.pk)
        differing = [name for name in TAKEN if getattr(attribute, name) != getattr(entry, name)]
        if differing:
            result.changed.append((attribute, entry, differing))
        else:
            result.unchanged.append((attribute, entry))
    result.absent = [attribute for attribute in attributes if attribute.pk not in seen]
    return result


def _run_together(name: str) -> str:
    return comparable(name).replace(" ", "")
