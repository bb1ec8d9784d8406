"""Measures of a column are what counting its values by hand gives."""

import math
from collections import Counter

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from synapse.profiling.rulebook import AttributeMeasures, measure
from tests.profiling.rulebook import oracle
from tests.profiling.rulebook.populations import FIELDS, NAMES, population
from tests.profiling.rulebook.strategies import records

PERCENTS = {"p01": 1, "p05": 5, "p25": 25, "p50": 50, "p75": 75, "p95": 95, "p99": 99}


def counted(name: str, texts: list[str | None]) -> AttributeMeasures:
    present = [text for text in texts if oracle.trimmed(text)]
    top = sorted(Counter(present).items(), key=lambda each: (-each[1], each[0].encode()))[:10]
    told = dict(
        column=name,
        rows=len(texts),
        blank=len(texts) - len(present),
        unreadable=0,
        distinct=len({*present}),
        top_values=tuple(top),
        shortest=min(map(len, present), default=None),
        longest=max(map(len, present), default=None),
    )
    if name not in oracle.NUMBERS + oracle.DATES:
        ends = sorted(present, key=str.encode)
        told |= {"minimum": ends[0], "maximum": ends[-1]} if ends else {}
        return AttributeMeasures(**told)
    read = [oracle.number(name, t) if name in oracle.NUMBERS else oracle.day(t) for t in present]
    values = sorted(value for value in read if value is not None)
    codes = oracle.CODES.get(name, ())
    told["unreadable"] = sum(
        value is None and oracle.trimmed(text) not in codes
        for value, text in zip(read, present, strict=True)
    )
    if values:
        told |= {"minimum": plain(values[0]), "maximum": plain(values[-1])}
        told["quantiles"] = {
            word: plain(values[max(0, math.ceil(len(values) * percent / 100) - 1)])
            for word, percent in PERCENTS.items()
        }
    return AttributeMeasures(**told)


def plain(value) -> str:
    return format(value.normalize() + 0, "f") if hasattr(value, "as_tuple") else str(value)


@settings(max_examples=12, deadline=None, phases=[Phase.generate], derandomize=True)
@given(records, st.integers(1, 30))
def test_every_measure_is_exact(rows, size):
    with population(rows, part=size) as file:
        told = measure(file.parts, file.columns)
    assert told == [counted(name, [row[name] or None for row in rows]) for name in NAMES]


@pytest.mark.parametrize("texts", [[None, "", " \t"], ["0"]], ids=["blanks", "one value"])
def test_blanks_alone_and_one_value(texts):
    with population([dict.fromkeys(NAMES, text) | {"Name": "x"} for text in texts]) as file:
        told = measure(file.parts, file.columns, only=NAMES[1:])
    assert told == [counted(name, [text or None for text in texts]) for name in NAMES[1:]]


def test_more_values_than_are_shown_and_quantiles_of_many():
    rows = [{"Name": f"v{n % 40:02}", "Amount": str(n)} for n in range(1, 1_001)]
    with population(rows, [FIELDS[0], FIELDS[2]]) as file:
        name, amount = measure(file.parts, file.columns)
    assert name.top_values == tuple((f"v{n:02}", 25) for n in range(10))
    assert amount.quantiles == {word: str(percent * 10) for word, percent in PERCENTS.items()}
    assert (amount.minimum, amount.maximum, amount.distinct) == ("1", "1000", 1_000)
