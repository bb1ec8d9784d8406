"""Names and values that look like code are names and values: nothing of them is ever run."""

import duckdb
import pytest

from synapse.profiling.rulebook import check, measure, sentence, sql
from tests.profiling.population.reading import Field
from tests.profiling.rulebook.populations import population, rule

NAMES = [
    'say "x"',
    "a.b",
    "100%",
    "%s",
    "x; DROP TABLE records; --",
    "#number",
    "select",
    "record_no ",
    "Straße 🙂",
    "back\\slash",
    "made_0",
    "count",
    "$1",
    "/* x */",
]
VALUES = ["'; DROP TABLE records; --", '"', "%", "a\\", "$1", "{x}", "\u202e", "'||(SELECT 1)||'"]
NO_FIELDS = [Field(number, name) for number, name in enumerate(NAMES, start=1)]


def about(name: str, other: str):
    blank = {"attribute": other, "is": "blank"}
    named = {"attribute": name, "is": "in", "values": VALUES}
    return [
        rule("not_blank", name, rule_id="'1"),
        rule("in_set", name, values=VALUES, rule_id='"2'),
        rule("regex", name, pattern="[^']*'.*", codes=VALUES[1:], rule_id="3;"),
        rule("compare", name, op="=", right={"column": other}, rule_id="4%s"),
        rule("if_then", name, rule_id="5{}", **{"if": named, "then": {"not": blank}}),
        rule("unique", name, within=[other], rule_id="6"),
        rule("constant", name, rule_id="7"),
    ]


@pytest.mark.parametrize("place", range(len(NAMES)))
def test_any_name_and_value_is_only_that(place):
    rows = [dict.fromkeys(NAMES, value) for value in [*VALUES, None, "plain"]]
    with population(rows, NO_FIELDS) as file:
        names = [column.name for column in file.columns]
        rules = about(names[place], names[place - 1])
        told = file.evaluate(*rules, keys=names[:2])
        [measured] = measure(file.parts, file.columns, only=[names[place]])
        for each in rules:
            check(each, file.columns)
            assert names[place] in sentence(each)
            assert sql(each, file.columns, "postgres")
    last = len(rows)
    found = [told.records(each) for each in rules]
    assert found[:5] == [[last - 1], [last], [last], [], []]
    assert found[5:] == [[], [n for n in range(1, last + 1) if n not in (2, last - 1)]]
    assert (measured.rows, measured.blank, measured.distinct) == (last, 1, last - 1)
    key = [row["key"] for row in told.failures if row["rule_id"] == '"2']
    assert key == ["plain|plain"]


def test_names_that_differ_in_case_alone_stay_apart():
    fields = [Field(1, "Code"), Field(2, "CODE"), Field(3, "code#number")]
    with population([{"Code": "1", "CODE": None, "code#number": "3"}], fields) as file:
        names = [column.name for column in file.columns]
        rules = [rule("not_blank", name, rule_id=name) for name in names]
        told = file.evaluate(*rules)
    assert len({name.casefold() for name in names}) == 3
    assert [told.of(each)[1] for each in rules] == [0, 1, 0]


@pytest.mark.parametrize("value", VALUES)
def test_a_hostile_value_is_a_literal_of_the_engines_sql(value):
    rows = [{"Name": value}, {"Name": value + "x"}]
    with population(rows) as file:
        made = rule("in_set", "Name", values=[value])
        written = sql(made, file.columns)
        with duckdb.connect() as connection:
            connection.read_parquet([str(part) for part in file.parts]).create_view("records")
            found = connection.sql(written).fetchall()
            assert connection.sql("SELECT count(*) FROM records").fetchall() == [(2,)]
    assert found == [(2, value + "x")]
