"""The SQL shown for a rule finds what the engine finds, and is written for other engines too."""

import duckdb
import pytest
import sqlglot
from django.db import connection as postgres
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from synapse.profiling.rulebook import DIALECTS, InvalidRule, sql
from tests.profiling.rulebook.populations import population, rule
from tests.profiling.rulebook.strategies import PARAMETERS, record_rules, records, whole_rules
from tests.profiling.rulebook.test_evaluation import fit

DATE = {"attribute": "Opened", "is": "date_format", "format": "YYYYMMDD"}
EACH = [
    rule("not_blank", "Name"),
    rule("in_set", "Name", values=["a", 7]),
    rule("regex", "Name", pattern="[A-Z]{2}\\d+"),
    rule("range", "Amount", min=0, max="Limit", codes=["x"]),
    rule("range", "Name", min="20240101", max={"value": "2024-12-31"}),
    rule("length", "Name", min=1, max=18),
    rule("date_format", "Opened", format="YYYYMMDD", end_of_month=True),
    rule("compare", "Opened", op="<=", right="Closed", offset=30),
    rule("compare", "Opened", op="=", right="Closed", unit="month", offset=-1),
    rule("compare", "Amount", op=">", right="Limit", factor="1.2", offset=5),
    rule("compare", "Amount", op=">=", right={"sum": ["Limit", "Count"]}),
    rule("sum_equals", "Amount", parts=["Limit", "Count"], tolerance="0.01", blank_as_zero=True),
    rule("if_then", "Name", **{"if": {"not": DATE}, "then": {"any": [DATE, DATE]}}),
    rule("unique", "Name", within=["Other"]),
    rule("constant", "Name", "Other"),
]


@pytest.fixture(scope="module")
def columns():
    with population([{"Name": "a"}]) as file:
        return file.columns


@settings(max_examples=40, deadline=None, phases=[Phase.generate], derandomize=True)
@given(records, st.sampled_from([*PARAMETERS]).flatmap(record_rules), st.integers(1, 30))
def test_it_finds_the_same_failures_as_the_engine(rows, made, size):
    with population(rows, part=size) as file:
        rules = [*fit([made], file)]
        assume(rules)
        assert run(rules[0], file) == file.evaluate(*rules).records(rules[0])


@pytest.mark.parametrize("kind", ["unique", "constant"])
def test_it_finds_the_same_failures_over_the_whole_file(kind):
    @settings(max_examples=15, deadline=None, phases=[Phase.generate], derandomize=True)
    @given(records, whole_rules(kind))
    def agrees(rows, made):
        with population(rows, part=7) as file:
            assert run(made, file) == file.evaluate(made).records(made)

    agrees()


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("each", EACH, ids=lambda each: each.kind)
def test_each_kind_is_written_for_each_engine(each, dialect, columns):
    written = sql(each, columns, dialect)
    read = {"pyspark": "spark"}.get(dialect, dialect)
    [statement] = sqlglot.parse(written, read=read)
    assert "record_no" in statement.named_selects


# Between words, since what stands around a value means nothing.
CONTROLS = "a\tb\nc\rd\ve\ff\x1fg\x7fh \\\\ 'i'"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_text_in_it_holds_what_nobody_sees(dialect, columns):
    written = sql(rule("in_set", "Name", values=[CONTROLS]), columns, dialect)
    assert [each for each in written if not each.isprintable() and each != "\n"] == []
    assert [line for line in written.splitlines() if line.count("'") % 2] == []


def test_texts_with_control_characters_are_the_same_to_each_engine():
    rows = [{"Name": text} for text in (CONTROLS, f"\t{CONTROLS}\v\f\r\n", " \v\t\r\f\n", "a b")]
    made = rule("in_set", "Name", values=[CONTROLS])
    with population(rows) as file:
        assert run(made, file) == file.evaluate(made).records(made) == [4]


@pytest.mark.django_db
def test_texts_with_control_characters_are_the_same_to_a_server(columns):
    rows = [(1, CONTROLS), (2, f"\t{CONTROLS}\v\f\r\n"), (3, " \v\t\r\f\n"), (4, "a b")]
    with postgres.cursor() as cursor:
        cursor.execute('CREATE TEMP TABLE records (record_no int, "Name" text) ON COMMIT DROP')
        cursor.executemany("INSERT INTO records VALUES (%s, %s)", rows)
        cursor.execute(sql(rule("in_set", "Name", values=[CONTROLS]), columns, "postgres"))
        assert cursor.fetchall() == [(4, "a b")]


def test_an_unknown_engine_is_refused(columns):
    with pytest.raises(InvalidRule) as refused:
        sql(rule("not_blank", "Name"), columns, "mongodb")
    assert refused.value.errors[0]["code"] == "unknown_dialect"


def run(made, file) -> list[int]:
    with duckdb.connect() as connection:
        connection.read_parquet([str(part) for part in file.parts]).create_view("records")
        return sorted(row[0] for row in connection.sql(sql(made, file.columns)).fetchall())
