"""The rules that a dictionary suggests, before any record was looked at."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from synapse.planning.states import DataType, Requirement
from synapse.profiling.proposing import formats, stated
from synapse.profiling.proposing.codes import Codes, codes_of
from synapse.profiling.proposing.relations import relations
from synapse.profiling.rulebook import Rule

ID_LENGTH = 100
SUFFIX = {
    "not_blank": "not-blank",
    "in_set": "codes",
    "regex": "format",
    "range": "range",
    "length": "length",
    "date_format": "date",
    "unique": "unique",
    "constant": "one-value",
    "compare": "order",
    "if_then": "condition",
}


@dataclass(frozen=True)
class Candidate:
    """A proposed rule, and what is to be said of it."""

    rule: Rule
    inferred: bool = False
    blank_allowed: str = ""
    """The words of the dictionary by which a "not blank" needs a condition."""


@dataclass(frozen=True)
class Filed:
    """How the file writes numbers and, by attribute id, the first values of its dates."""

    mark: str = "."
    dates: Mapping[Any, tuple[str, ...]] = field(default_factory=dict)


def candidates(
    attributes: Iterable[Any], names: Mapping[Any, str], filed: Filed | None = None
) -> list[Candidate]:
    """Rules of all attributes in the plan's order, then of several, then over the whole file.

    `names` gives each attribute's column by its id; attributes without a column are passed over.
    """
    known, filed = [each for each in attributes if each.pk in names], filed or Filed()
    found = [one for each in known for one in _of_attribute(each, names[each.pk], filed)]
    found += _of_relations(known, names)
    found += _of_file(known, names)
    return _with_unique_ids(found)


def _of_attribute(attribute, column: str, filed: Filed) -> Iterator[Candidate]:
    codes = codes_of(attribute)
    yield from _not_blank(attribute, column)
    if codes.closed:
        yield _made(attribute, column, "in_set", {"values": list(codes.closed)})
        return
    if attribute.data_type == DataType.DATE:
        yield from _dated(attribute, column, codes, filed.dates.get(attribute.pk, ()))
    else:
        yield from _written(attribute, column, codes, filed.mark)
    limits = stated.stated_range(attribute, codes.beside)
    if limits:
        parameters, inferred = limits
        yield _made(
            attribute,
            column,
            "range",
            formats.with_codes(parameters, codes.beside),
            source="inferred" if inferred else "dictionary",
            inferred=inferred,
        )


def _not_blank(attribute, column: str) -> Iterator[Candidate]:
    if attribute.is_key or attribute.requirement == Requirement.MANDATORY:
        yield _made(
            attribute,
            column,
            "not_blank",
            {},
            severity="critical" if attribute.is_key else "high",
            blank_allowed="" if attribute.is_key else stated.blank_is_stated(attribute),
        )


def _dated(attribute, column: str, codes: Codes, values: tuple[str, ...]) -> Iterator[Candidate]:
    """The form the dictionary states; where none of the values has it, the one they all show."""
    said = formats.date_format(attribute)
    shown = formats.shown_format(value for value in values if value not in codes.beside)
    written = said if said and (not shown or formats.fits(said, values)) else shown
    if not written:
        return
    inferred = written != said
    parameters: dict[str, Any] = {"format": written}
    if stated.ends_month(attribute) and "DD" in written:
        parameters["end_of_month"] = True
    yield _made(
        attribute,
        column,
        "date_format",
        formats.with_codes(parameters, codes.beside),
        source="inferred" if inferred else "dictionary",
        description=f"The records write it {written}." if inferred else "",
        inferred=inferred,
    )


def _written(attribute, column: str, codes: Codes, mark: str) -> Iterator[Candidate]:
    """How a value is written: as a number, code of a state, or text of some length."""
    beside = codes.beside
    if states := stated.state_codes(attribute):
        yield _made(
            attribute, column, "in_set", {"values": [*states, *beside]}, source="instructions"
        )
        return
    postal = stated.zip_pattern(attribute)
    found = (postal, "five or nine digits") if postal else formats.number_pattern(attribute, mark)
    found = found or formats.text_pattern(attribute)
    if found:
        pattern, words = found
        yield _made(
            attribute,
            column,
            "regex",
            formats.with_codes({"pattern": pattern}, beside),
            description=_format_words(attribute, words),
            source="instructions" if postal else "dictionary",
        )
    limits = None if postal else formats.length_limits(attribute, bool(beside))
    if limits:
        yield _made(attribute, column, "length", limits, severity="low")


def _of_relations(attributes: list, names: Mapping[Any, str]) -> Iterator[Candidate]:
    for each in relations(attributes, names):
        own = _made(
            each.attribute,
            each.columns[0],
            each.kind,
            each.parameters,
            severity="medium",
            source="inferred" if each.inferred else "dictionary",
            inferred=each.inferred,
        )
        yield Candidate(own.rule.with_(attributes=each.columns), each.inferred)


def _of_file(attributes: list, names: Mapping[Any, str]) -> Iterator[Candidate]:
    keys = sorted(
        (each for each in attributes if each.is_key), key=lambda each: each.key_order or 0
    )
    if keys:
        columns = tuple(names[each.pk] for each in keys)
        description = "The key occurs once in the file."
        rule = Rule(
            "key-unique", "unique", columns, {}, "critical", "dictionary", True, description
        )
        yield Candidate(rule)
    alone = [each for each in keys if stated.names_a_record(each)]
    for each in alone if len(keys) > 1 else ():
        yield _made(each, names[each.pk], "unique", {}, severity="critical", source="instructions")
    for each in attributes:
        # The only key differs from record to record, so its column has no single value.
        if keys == [each] or not stated.is_file_wide(each):
            continue
        if each.is_key or each.requirement == Requirement.MANDATORY:
            yield _made(
                each,
                names[each.pk],
                "constant",
                {},
                severity="high",
                source="inferred",
                inferred=True,
            )


def _made(
    attribute,
    column: str,
    kind: str,
    parameters: dict[str, Any],
    *,
    severity: str = "",
    source: str = "dictionary",
    description: str = "",
    inferred: bool = False,
    blank_allowed: str = "",
) -> Candidate:
    rule = Rule(
        rule_id=_id(column, kind),
        kind=kind,
        attributes=(column,),
        parameters=parameters,
        severity=_severity(attribute, severity),
        source=source,
        description=description,
    )
    return Candidate(rule, inferred, blank_allowed)


def _severity(attribute, given: str) -> str:
    """A critical data element is never judged lightly."""
    if given in ("critical", "high"):
        return given
    if attribute.is_cde or attribute.is_key:
        return "high"
    if given:
        return given
    return "high" if attribute.requirement == Requirement.MANDATORY else "medium"


def _format_words(attribute, words: str) -> str:
    written = " ".join(attribute.format.split())
    if not written or len(written) > 40:
        return f"Written as {words}."
    return f"Format {written}: {words}."


def _id(column: str, kind: str) -> str:
    plain = re.sub(r"[^\w.]+", "-", column).strip("-")[:ID_LENGTH]
    return f"{plain}-{SUFFIX[kind]}"


def _with_unique_ids(found: list[Candidate]) -> list[Candidate]:
    """Two names may look alike in an id; the later one gets a number."""
    taken: dict[str, int] = {}
    result = []
    for one in found:
        rule_id = one.rule.rule_id
        number = taken[rule_id.casefold()] = taken.get(rule_id.casefold(), 0) + 1
        if number > 1:
            one = Candidate(
                one.rule.with_(rule_id=f"{rule_id}-{number}"), one.inferred, one.blank_allowed
            )
        result.append(one)
    return result
