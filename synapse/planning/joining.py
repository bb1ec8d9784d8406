"""Names that a model drafted, joined with the fields of the report's dictionary."""

from collections.abc import Sequence
from dataclasses import dataclass

from synapse.planning.dictionary.text import same_name
from synapse.planning.lists import Entry, Named, match
from synapse.planning.states import DictionaryMatch


@dataclass(frozen=True)
class KnownField:
    """A field of a dictionary, as far as names go."""

    name: str
    technical_name: str = ""
    line: str = ""
    item_code: str = ""
    pk: int = 0


@dataclass(frozen=True)
class Joined:
    """How a name stands in the dictionary, and the field it means or is like."""

    match: str = ""
    field: str = ""


def known_fields(*sources: Sequence[Named]) -> tuple[KnownField, ...]:
    """The fields of several sources, each once by its name; the first source's is kept."""
    first: dict[str, KnownField] = {}
    for fields in sources:
        for each in fields:
            known = KnownField(each.name, each.technical_name, each.line, each.item_code)
            first.setdefault(same_name(each.name), known)
    return tuple(first.values())


def join(names: Sequence[tuple[str, str]], dictionary: Sequence[Named]) -> list[Joined]:
    """One for each (name, technical name), in their order; all empty without a dictionary.

    Names that differ in case, space or signs alone, or are a field's technical name, are found.
    """
    if not dictionary:
        return [Joined()] * len(names)
    entries = [
        Entry(row=row, name=name, technical_name=technical)
        for row, (name, technical) in enumerate(names)
    ]
    matches = match(entries, dictionary)
    joined = [Joined(DictionaryMatch.ABSENT)] * len(names)
    for entry, known, _ in matches.suggested:
        joined[entry.row] = Joined(DictionaryMatch.ALIKE, known.name)
    for entry, known, _ in matches.sure:
        joined[entry.row] = Joined(DictionaryMatch.FOUND, known.name)
    return joined
