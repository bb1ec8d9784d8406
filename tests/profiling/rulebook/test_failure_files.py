"""The file of failures: each failing record and rule once, in order, the same at every run."""

import hashlib
import random

import pyarrow.parquet as pq
import pytest

from synapse.profiling.rulebook import evaluate_part, evaluate_whole, failures
from tests.profiling.rulebook.populations import population, rule

RULES = [
    rule("in_set", "Name", values=["b"], rule_id="in set"),
    rule("range", "Amount", max="Limit", rule_id="a limit"),
    rule("not_blank", "Other", rule_id="present"),
]
WHOLE = [rule("unique", "Name", rule_id="once"), rule("constant", "Name", rule_id="same")]


@pytest.fixture(scope="module")
def file():
    draw = random.Random(7)
    rows = [
        {
            "Name": draw.choice(["a", "b", "c", " ", None]),
            "Other": draw.choice(["x|y", "", None]),
            "Amount": str(draw.randrange(9)),
            "Limit": "4",
        }
        for _ in range(30_000)
    ]
    with population(rows) as made:
        yield made


def rows_of(path):
    return pq.read_table(path).to_pylist()


def test_rows_stand_in_the_order_of_record_and_rule(file, tmp_path, monkeypatch):
    # Several writes of the file, so that the order holds across them.
    monkeypatch.setattr(failures, "AT_ONCE", 5_000)
    out = tmp_path / "part.parquet"
    counts = evaluate_part(file.parts[0], file.columns, RULES, ["Name", "Limit"], out)
    rows = rows_of(out)
    order = [each.rule_id for each in RULES]
    places = [(row["record_no"], order.index(row["rule_id"])) for row in rows]
    assert len(rows) == sum(count.failed for count in counts) > 20_000
    assert places == sorted(set(places))


def test_a_row_tells_key_attributes_and_values(tmp_path):
    rows = [
        {"Name": "b", "Other": "x|y", "Amount": "7", "Limit": "4"},
        {"Name": "c", "Amount": " ", "Limit": "4"},
    ]
    with population(rows) as file:
        told = file.evaluate(*RULES, keys=["Name", "Other"])
        by_number = file.evaluate(RULES[0])
    assert [list(row.values()) for row in told.failures] == [
        [1, "b|x|y", "a limit", "Amount|Limit", "7|4"],
        [2, "c|", "in set", "Name", "c"],
        [2, "c|", "present", "Other", ""],
    ]
    assert [row["key"] for row in by_number.failures] == ["2"]


def test_two_runs_write_the_same_bytes(file, tmp_path):
    def digest(name):
        part, whole = tmp_path / f"part-{name}", tmp_path / f"whole-{name}"
        evaluate_part(file.parts[0], file.columns, RULES, ["Name"], part)
        evaluate_whole(file.parts, file.columns, WHOLE, ["Name"], whole)
        return [hashlib.sha256(path.read_bytes()).hexdigest() for path in (part, whole)]

    assert digest("one") == digest("two")


def test_rules_over_the_file_are_told_in_the_same_order(file, tmp_path):
    evaluate_whole(file.parts, file.columns, WHOLE, (), tmp_path / "whole.parquet")
    places = [(row["record_no"], row["rule_id"]) for row in rows_of(tmp_path / "whole.parquet")]
    assert places == sorted(set(places), key=lambda place: (place[0], place[1] == "same"))
    assert {name for _, name in places} == {"once", "same"}


def test_the_file_is_written_when_nothing_fails(tmp_path):
    with population([{"Name": "b"}]) as file:
        evaluate_part(file.parts[0], file.columns, RULES[:1], (), tmp_path / "none.parquet")
    table = pq.read_table(tmp_path / "none.parquet")
    assert (table.num_rows, table.schema.names) == (0, failures.SCHEMA.names)
