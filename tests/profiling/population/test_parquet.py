"""Parquet: any flat type as text, however its rows are grouped; damage refused."""

import io
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.profiling.population.reading import LOANS

TABLE = {"Loan ID": [f"L{n}" for n in range(50)], "Amount": [n / 4 for n in range(50)]}


def parquet(table, **options):
    out = io.BytesIO()
    pq.write_table(pa.table(table), out, **options)
    return out.getvalue()


def test_values_of_every_flat_type_become_what_a_person_writes(taken):
    done = taken(
        parquet({
            "int": [1, None], "float": [2.0, 2.5], "text": ["=1+1", " x "], "flag": [True, False],
            "day": [date(2024, 1, 31)] * 2,
            "time": [datetime(2024, 1, 31), datetime(2024, 1, 2, 3)],
            "money": [Decimal("1.50"), Decimal("-2.00")], "none": pa.nulls(2),
            "code": pa.array(["a", ""]).dictionary_encode(),
        }),
        (),
        name="x.parquet",
    )  # fmt: skip
    shown = ", ".join(f'"{column.name}"' for column in done.columns)
    assert done.sql(f"SELECT {shown} FROM parts ORDER BY record_no") == [
        ("1", "2", "=1+1", "true", "2024-01-31", "2024-01-31", "1.50", None, "a"),
        (None, "2.5", " x ", "false", "2024-01-31", "2024-01-02 03:00:00", "-2.00", None, None),
    ]


@pytest.mark.parametrize("group", [1, 7, 50])
@pytest.mark.parametrize("records", [1, 20, 100])
def test_any_grouping_and_cut_holds_the_same_records(taken, group, records):
    done = taken(parquet(TABLE, row_group_size=group), name="x.parquet", records=records)
    whole = taken("Loan ID|Amount\n" + "".join(f"L{n}|{n / 4:g}\n" for n in range(50)))
    assert done.totals.content_sha256 == whole.totals.content_sha256
    assert done.texts("Loan ID") == TABLE["Loan ID"]
    assert len(done.parts) == -(-50 // records)


@pytest.mark.parametrize("left", [4, 100, -8, -1])
def test_a_cut_off_file_is_refused(refusal, left):
    refused = refusal(parquet(TABLE)[:left], name="x.parquet")
    assert refused.code == "damaged_population"
    assert refused.message.startswith("“x.parquet” is named or begins like Parquet, but it is")


def test_pages_overwritten_inside_are_refused(refusal):
    content = bytearray(parquet(TABLE, compression="gzip"))
    content[20:200] = b"\xaa" * 180
    assert refusal(bytes(content), name="x.parquet").code == "damaged_population"


@pytest.mark.parametrize("value", [[1, 2], {"a": 1}, b"\xff\xfe"])
def test_values_that_are_no_plain_ones_are_refused_with_their_column(refusal, value):
    refused = refusal(parquet({"id": [1], "odd": [value]}), name="x.parquet")
    assert refused.code == "nested_column"
    assert "“x.parquet”: column “odd” holds" in refused.message


def test_no_rows_and_too_many_columns_are_refused(refusal):
    assert refusal(parquet({"a": pa.array([], pa.int64())}), name="x.parquet").code == "no_records"
    refused = refusal(parquet({f"c{n}": [n] for n in range(10_000)}), name="x.parquet")
    assert refused.code == "too_many_columns"
    assert refused.message.startswith("“x.parquet” has 10000 columns; 2,000 are possible.")


def test_columns_named_alike_are_told_apart(taken):
    table = pa.table([pa.array([1]), pa.array([2])], names=["Loan ID", "loan id"])
    out = io.BytesIO()
    pq.write_table(table, out)
    done = taken(out.getvalue(), LOANS, name="x.parquet")
    assert [column.attribute_id for column in done.columns] == [1, None]
    assert done.match.duplicates == ("loan id (2)",)
