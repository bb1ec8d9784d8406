"""The names by which rules, Parquet files and exports know the attributes of a plan."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from synapse.common.errors import DomainError

RESERVED = ("record_no", "line_no")
SUFFIXES = ("#number", "#date")


class UnknownName(DomainError):
    code = "unknown_attribute"
    message = "No attribute of the plan is named “{name}”{hint}"
    http_status = 422


class AmbiguousName(DomainError):
    code = "ambiguous_attribute"
    message = "“{name}” could be {candidates}. Write the whole name."
    http_status = 422


class Named(Protocol):
    pk: int
    name: str
    technical_name: str
    item_code: str
    line: str


def folded(text: str) -> str:
    """A name without case, spaces and punctuation."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    return "".join(re.findall(r"[^\W_]+", plain))


def unique_names(wanted: Iterable[str]) -> list[str]:
    """Names that differ in more than case, also from our own columns and companions."""
    taken = {*RESERVED}
    names = []
    for text in wanted:
        base = " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split()) or "Field"
        name, number = base, 2
        while any(entry in taken for entry in _occupied(name)):
            name, number = f"{base} ({number})", number + 1
        taken.update(_occupied(name))
        names.append(name)
    return names


def _occupied(name: str) -> tuple[str, ...]:
    return tuple((name + suffix).casefold() for suffix in ("", *SUFFIXES))


def names_of(attributes: Iterable[Named]) -> dict[int, str]:
    """The column name of each attribute, in the order given: its technical name, else its name."""
    attributes = list(attributes)
    wanted = [attribute.technical_name or attribute.name for attribute in attributes]
    return dict(zip([entry.pk for entry in attributes], unique_names(wanted), strict=True))


class Names:
    """Finds the attribute that a rule, a heading or a person names, in whichever of its names."""

    def __init__(self, attributes: Sequence[Named]):
        self.columns: Mapping[int, str] = names_of(attributes)
        self._attributes = {attribute.pk: attribute for attribute in attributes}
        # What is tried first wins: a line "12" must not hide an attribute named "12".
        self._levels = [
            self._index(lambda entry: (self.columns[entry.pk].casefold(),)),
            self._index(lambda entry: (folded(self.columns[entry.pk]),)),
            self._index(lambda entry: (folded(entry.technical_name), folded(entry.name))),
            self._index(lambda entry: (folded(entry.item_code),)),
            self._index(lambda entry: (_line(entry.line),)),
        ]

    def _index(self, keys) -> dict[str, list[int]]:
        index: dict[str, list[int]] = {}
        for attribute in self._attributes.values():
            for key in {key for key in keys(attribute) if key}:
                index.setdefault(key, []).append(attribute.pk)
        return index

    def find(self, name: str) -> list[int]:
        """Ids of the attributes that the name may mean, by the first kind of name that fits."""
        exact, key = " ".join(name.split()).casefold(), folded(name)
        for level, wanted in zip(self._levels, (exact, key, key, key, _line(name)), strict=True):
            if wanted and (found := level.get(wanted)):
                return found
        return []

    def attribute_id(self, name: str) -> int:
        found = self.find(name)
        if len(found) == 1:
            return found[0]
        if found:
            candidates = [f"“{self.columns[entry]}”" for entry in found]
            raise AmbiguousName(
                name=name, candidates=", ".join(candidates[:-1]) + f" or {candidates[-1]}"
            )
        raise UnknownName(name=name, hint=self._hint(name))

    def resolve(self, name: str) -> str:
        """The column name of the attribute so named; raises UnknownName or AmbiguousName."""
        return self.columns[self.attribute_id(name)]

    def _hint(self, name: str) -> str:
        known = {folded(column): column for column in self.columns.values()}
        close = difflib.get_close_matches(folded(name), known, n=2, cutoff=0.75)
        meant = " or ".join(f"“{known[key]}”" for key in close)
        return f"; did you mean {meant}?" if meant else "."


def _line(text: str) -> str:
    """A line number, told apart from other text: “12a” or “Line 12a”, never a whole name."""
    found = re.fullmatch(r"(?i)\s*(?:line(?:\s*item)?|item|field)?\s*(?:no\.?|#)?\s*"
                         r"(\d{1,5}[a-z]?(?:\.\d+)*)\s*", text)  # fmt: skip
    return found.group(1).casefold() if found else ""


def resolve(name: str, attributes: Sequence[Named]) -> str:
    """`Names(attributes).resolve(name)`, for a single name."""
    return Names(attributes).resolve(name)
