"""Which column of a file holds which attribute of a plan."""

import re
from collections.abc import Mapping, Sequence

from synapse.profiling.columns import Names, unique_names
from synapse.profiling.population.dates import DEFAULT, ISO, date_formats, formats_in
from synapse.profiling.population.errors import WrongMatch
from synapse.profiling.population.schema import (
    CSV,
    DATE,
    NUMBER,
    AttributeLike,
    Column,
    Match,
    Reading,
)
from synapse.profiling.population.values import Typist

# Whole numbers of up to 15 planned digits fit a machine word with room for a few too many.
SHORT_DIGITS, SHORT_PRECISION, LONG_PRECISION = 15, 18, 38
DECIMALS = (12, 18)


def match(
    reading: Reading,
    attributes: Sequence[AttributeLike],
    *,
    chosen: Mapping[int, int | None] | None = None,
) -> Match:
    """The columns of the file; `chosen` {position from 1: attribute id or None} overrules."""
    found, by, duplicates, notes = _found(reading, attributes)
    if chosen:
        found = _overruled(found, chosen, reading, {entry.pk for entry in attributes})
        duplicates = [name for place, name in enumerate(reading.names) if name in duplicates
                      and found[place] is None]  # fmt: skip
    columns = _columns(reading, attributes, found)
    taken = {pk for pk in found if pk is not None}
    order = [entry.pk for entry in attributes if entry.pk in taken]
    actual = [pk for pk in found if pk is not None]
    return Match(
        columns=tuple(columns),
        by=by,
        extra=tuple(column.heading for column in columns if column.attribute_id is None),
        missing=tuple(entry.pk for entry in attributes if entry.pk not in taken),
        duplicates=tuple(duplicates),
        out_of_order=tuple(
            columns[found.index(pk)].heading
            for pk, planned in zip(actual, order, strict=True)
            if pk != planned
        ),
        notes=tuple(notes),
    )


def _found(
    reading: Reading, attributes: Sequence[AttributeLike]
) -> tuple[list[int | None], str, list[str], list[str]]:
    names, count = Names(attributes), len(attributes)
    if not reading.header:
        notes = []
        if reading.fields != count:
            notes.append(
                f"The file has no headings and {reading.fields} fields, the plan {count} "
                f"attributes; they are matched in the plan's order as far as both reach."
            )
        return _in_order(reading, attributes), "order", [], notes
    found, duplicates, notes = [], [], []
    headings = {heading.casefold() for heading in reading.names}
    for heading in reading.names:
        meant = names.find(heading) or names.find(_repeated(heading, headings))
        free = [pk for pk in meant if pk not in found]
        if len(meant) == 1 and free:
            found.append(meant[0])
            continue
        found.append(None)
        if meant and not free:
            duplicates.append(heading)
            notes.append(_claimed(heading, reading, found, names.columns, meant[0]))
        elif len(free) > 1:
            notes.append(f"The heading “{heading}” may name {len(free)} attributes; choose one.")
    if not any(found) and reading.fields == count:
        note = "No heading names an attribute, but there are as many: matched in the plan's order."
        return _in_order(reading, attributes), "order", [], [note]
    if attributes and not any(found):
        notes.append("No heading names an attribute of the plan; choose one for each column.")
    return found, "name", duplicates, notes


def _repeated(heading: str, headings: set[str]) -> str:
    """The heading that this one repeats in the file, where it was told apart by a number."""
    plain = re.sub(r" \(\d+\)$", "", heading)
    return plain if plain != heading and plain.casefold() in headings else ""


def _claimed(
    heading: str,
    reading: Reading,
    found: Sequence[int | None],
    columns: Mapping[int, str],
    attribute: int,
) -> str:
    first = reading.names[found.index(attribute)]
    return (
        f"The columns “{first}” and “{heading}” both name the attribute “{columns[attribute]}”; "
        f"“{first}” is taken. Choose the right one."
    )


def _in_order(reading: Reading, attributes: Sequence[AttributeLike]) -> list[int | None]:
    ids: list[int | None] = [entry.pk for entry in attributes][: reading.fields]
    return ids + [None] * (reading.fields - len(ids))


def _overruled(
    found: list[int | None],
    chosen: Mapping[int, int | None],
    reading: Reading,
    known: set[int],
) -> list[int | None]:
    """What the tester chose wins; an attribute chosen elsewhere leaves its matched column."""
    if unknown := [place for place in chosen if not 1 <= place <= reading.fields]:
        raise WrongMatch(reason=f"There is no column {unknown[0]}: the file has {reading.fields}.")
    wanted = [pk for pk in chosen.values() if pk is not None]
    if foreign := [pk for pk in wanted if pk not in known]:
        raise WrongMatch(reason=f"There is no attribute {foreign[0]} in the plan.")
    twice = [place for place, pk in chosen.items() if pk is not None and wanted.count(pk) > 1]
    if twice:
        headings = " and ".join(f"“{reading.names[place - 1]}”" for place in twice[:3])
        raise WrongMatch(reason=f"The columns {headings} are set to the same attribute.")
    return [
        chosen.get(place, None if pk in wanted else pk) for place, pk in enumerate(found, start=1)
    ]


def _columns(
    reading: Reading, attributes: Sequence[AttributeLike], found: Sequence[int | None]
) -> list[Column]:
    names, by_id = Names(attributes).columns, {entry.pk: entry for entry in attributes}
    matched = [names[pk] for pk in found if pk is not None]
    extra = [name for name, pk in zip(reading.names, found, strict=True) if pk is None]
    taken = unique_names([*matched, *extra])
    free, mine = iter(taken[len(matched) :]), iter(taken[: len(matched)])
    columns = []
    for place, (heading, pk) in enumerate(zip(reading.names, found, strict=True), start=1):
        if pk is None:
            columns.append(Column(position=place, heading=heading, name=next(free)))
        else:
            shown = [row[place - 1] for row in reading.sample if place <= len(row)]
            columns.append(_typed(place, heading, next(mine), by_id[pk], reading, shown))
    return columns


def _typed(
    place: int,
    heading: str,
    name: str,
    attribute: AttributeLike,
    reading: Reading,
    shown: Sequence[str],
) -> Column:
    kind, formats, precision, scale = attribute.data_type, (), LONG_PRECISION, 0
    if kind == "integer" and attribute.length and attribute.length <= SHORT_DIGITS:
        precision = SHORT_PRECISION
    elif kind == "decimal":
        scale = min(max(attribute.scale or 0, DECIMALS[0]), DECIMALS[1])
    elif kind == "date":
        formats = date_formats(attribute.format) or formats_in(shown) or DEFAULT
        if reading.kind != CSV and ISO not in formats:
            formats = (*formats, ISO)
    column = Column(
        position=place,
        heading=heading,
        name=name,
        attribute_id=attribute.pk,
        data_type=kind,
        number=name + NUMBER if kind in ("integer", "decimal") else "",
        date=name + DATE if kind == "date" else "",
        date_formats=formats,
        precision=precision,
        scale=scale,
    )
    return _with_codes(column, attribute, reading)


def _with_codes(column: Column, attribute: AttributeLike, reading: Reading) -> Column:
    """Only codes that the type can't be read from matter, such as NA beside amounts."""
    if not (column.number or column.date or column.data_type == "boolean"):
        return column
    listed = [str(entry.get("code", "")).strip() for entry in attribute.allowed_values or ()
              if isinstance(entry, dict)]  # fmt: skip
    readable = Typist([column], reading.decimal).parser(column)
    codes = dict.fromkeys(code for code in listed if code and readable(code) is None)
    return Column.from_json(column.as_json() | {"codes": tuple(codes)})
