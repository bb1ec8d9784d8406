"""Blank, unreadable and typed mean the same to the importing engine, the rules and the measures."""

import pytest

from synapse.profiling.rulebook import measure
from tests.profiling.rulebook.populations import NAMES, population, rule

BLANK = [None, "", " ", "\t", "\r", "\n", "\v", "\f", " \t\r\n\v\f"]
FILLED = ["\u00a0", "\u2003", "\u200b", "\x1f", "\u00a07", "7\u2003", "NA", "\u00a0NA", "0", "!"]
TEXTS = [*BLANK, *FILLED, "20240131", "\u00a020240131"]


@pytest.fixture(scope="module")
def file():
    with population([dict.fromkeys(NAMES, text) for text in TEXTS]) as made:
        yield made


@pytest.mark.parametrize("name", NAMES)
def test_only_the_six_white_characters_make_a_blank(file, name):
    told = file.evaluate(made := rule("not_blank", name))
    [column] = [column for column in file.columns if column.name == name]
    [measured] = measure(file.parts, file.columns, only=[name])
    assert told.records(made) == [*range(1, len(BLANK) + 1)]
    assert column.blank == measured.blank == len(BLANK)


@pytest.mark.parametrize("name", ["Amount", "Limit", "Count", "Opened", "Closed"])
def test_unreadable_is_told_alike(file, name):
    told = file.evaluate(made := rule("range", name, min="19000101"))
    [column] = [column for column in file.columns if column.name == name]
    [measured] = measure(file.parts, file.columns, only=[name])
    assert told.of(made)[3] == column.unreadable == measured.unreadable > 0
