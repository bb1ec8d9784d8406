"""Pages of failing records: in order however deep, and a deep one reads no more than it shows."""

import duckdb
import pyarrow
import pyarrow.parquet
import pytest

from synapse.profiling import failures
from synapse.profiling.rulebook.failures import SCHEMA
from tests.support.parquet import spoil

GROUP = 100


def failures_of(numbers, rules):
    return [
        {"record_no": number, "key": f"K{number}", "rule_id": rule, "attribute": "A", "value": "1"}
        for number in numbers
        for rule in rules
    ]


def write(path, rows):
    table = pyarrow.Table.from_pylist(rows, schema=SCHEMA)
    pyarrow.parquet.write_table(table, path, row_group_size=GROUP)
    return path


@pytest.fixture
def files(tmp_path):
    """Two parts, the second of few records, and rules over the whole file that all of them break.

    Records from 401 to 2,600 and every other one from 300 on break none.
    """
    spans = (range(1, 401), range(2_601, 3_001))
    parts = [
        write(tmp_path / f"part-{at}.parquet", failures_of(span, ("R1", "R2")))
        for at, span in enumerate(spans)
    ]
    whole = [number for span in spans for number in span if number < 300 or number % 2]
    return [*parts, write(tmp_path / "whole.parquet", failures_of(whole, ("W",)))]


@pytest.mark.parametrize("rule", [None, "R2", "W", "none"])
@pytest.mark.parametrize("span", [1, 7, 1_000])
def test_pages_hold_all_failures_in_order_and_each_once(files, monkeypatch, rule, span):
    monkeypatch.setattr(failures, "NEAR", 50)
    monkeypatch.setattr(failures, "SPAN", span)
    everything = list(failures.each(files, rule_id=rule))
    assert everything == sorted(everything, key=lambda each: (each.record_no, each.rule_id))
    size = 130
    for after in range(0, len(everything) + size, size):
        found = failures.page(files, rule_id=rule, after=after, limit=size)
        assert found == everything[after : after + size]


def test_a_deep_page_reads_the_texts_of_the_records_near_it_alone(files, monkeypatch):
    monkeypatch.setattr(failures, "NEAR", 50)
    monkeypatch.setattr(failures, "SPAN", 10)
    first, second, _ = files
    # Records 2,751 to 2,800 stand in the row group that is left.
    spoil(first, but=-1, keep={"record_no"})
    spoil(second, but=3, keep={"record_no"})
    before = 2 * (400 + 160)
    found = failures.page([first, second], after=before, limit=40)
    assert [each.record_no for each in found[::2]] == [*range(2_761, 2_781)]
    with pytest.raises(duckdb.Error):
        failures.page([first, second], after=before + 200, limit=40)
    with pytest.raises(duckdb.Error):
        list(failures.each([first, second]))
