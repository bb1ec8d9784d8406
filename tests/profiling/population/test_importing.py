"""Files into Parquet: every text verbatim, faulty records apart, the same however it is cut."""

import csv
import io
import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from synapse.profiling.population import (
    UnreadablePopulation,
    identifier_column,
    match,
)
from tests.profiling.population.reading import HEAD, LOANS, Field, take


def test_texts_stay_and_companions_carry_type(taken):
    done = taken(
        HEAD + '001,1.50,20240131\n002,NA,2024-01-31\n"a ""b"",\nc", 7 ,\n004,x,20240231\n'
    )
    assert done.texts("Loan ID") == ["001", "002", 'a "b",\nc', "004"]
    assert done.texts("Amount") == ["1.50", "NA", " 7 ", "x"]
    rows = done.sql(
        'SELECT record_no, line_no, "Amount#number", "Opened#date" FROM parts ORDER BY 1'
    )
    assert rows == [
        (1, 2, Decimal("1.5"), date(2024, 1, 31)),
        (2, 3, None, None),
        (3, 4, Decimal(7), None),
        (4, 6, None, None),
    ]
    counts = {column.name: (column.blank, column.unreadable) for column in done.columns}
    assert counts == {"Loan ID": (0, 0), "Amount": (0, 1), "Opened": (1, 2)}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.50", "1234.5"), ("(5.00)", "-5"), ("7-", "-7"), ("$1.25", "1.25"),
        ("1.5E+3", "1500"),
        ("-0.1", "-0.1"), ("+3", "3"), (".5", "0.5"),
        ("99999999999999999999.12", "99999999999999999999.12"),
        ("1_000", None), ("5%", None), ("nan", None), ("1.2.3", None), ("9" * 40, None),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(taken, text, number):
    done = taken(f'{HEAD}1,"{text}",\n')
    [(value,)] = done.sql('SELECT "Amount#number" FROM parts')
    assert value == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("stated", "text", "day"),
    [
        ("MM/DD/YYYY", "1/31/2024", date(2024, 1, 31)), ("DDMMYYYY", "31012024", date(2024, 1, 31)),
        ("YYYYMM", "202402", date(2024, 2, 1)), ("yyyy-mm-dd", "2024-01-31", date(2024, 1, 31)),
        ("DD-MON-YYYY", "31-Jan-2024", date(2024, 1, 31)), ("", "2024-01-31", date(2024, 1, 31)),
        ("CCYYMMDD", "20240131", date(2024, 1, 31)), ("YYYYMMDD", "2024131", None),
    ],
)  # fmt: skip
def test_dates_by_the_stated_format(taken, stated, text, day):
    done = taken(HEAD + f"1,1,{text}\n", (*LOANS[:2], Field(3, "Opened", "date", format=stated)))
    assert done.sql('SELECT "Opened#date" FROM parts') == [(day,)]


def test_faulty_records_are_told_apart_and_the_rest_kept(taken):
    rows = [
        "é1,1,".encode(),
        b"2,2",
        b"3,3,,4",
        b"4,\0,",
        b"5,\xff,",
        b'6,"open,',
        "é7,7,".encode(),
        b",,",
        b"",
        b"9,9,",
    ]
    done = taken(HEAD.encode() + b"\n".join(rows) + b"\n")
    assert done.texts("Loan ID") == ["é1", "é7", "9"]
    assert [(row.record_no, row.line_no, row.code) for row in done.rejected] == [
        (2, 3, "too_few_fields"), (3, 4, "too_many_fields"), (4, 5, "nul_bytes"),
        (5, 6, "undecodable"), (6, 7, "unclosed_quote"), (8, 9, "blank_record"),
    ]  # fmt: skip
    assert done.sql("SELECT record_no, line_no FROM parts ORDER BY 1")[-1] == (9, 11)
    assert (done.totals.rows, done.totals.rejected_count) == (3, 6)


def test_only_bad_records_are_refused(taken):
    with pytest.raises(UnreadablePopulation) as refused:
        taken("id,name,city\n1,2\n3,4\n", [])
    assert refused.value.code == "no_good_records"
    assert "first (line 2): The record has 2 fields where 3 are expected" in refused.value.message


@pytest.mark.parametrize("seed", range(8))
def test_any_text_comes_back_and_any_cut_holds_the_same_records(taken, seed):
    chance = random.Random(seed)
    letters = ["a", "0", " ", ",", '"', "\n", "\r", "é", "|", "'", ""]
    rows = [
        [str(n), *("".join(chance.choices(letters, k=chance.randrange(6))) for _ in range(2))]
        for n in range(300)
    ]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["k", "x", "y"], *rows])
    whole = taken(out.getvalue(), [])
    cut = taken(out.getvalue(), [], records=7)
    expected = [tuple(cell or None for cell in row) for row in rows]
    for done in (whole, cut):
        assert done.sql("SELECT k, x, y FROM parts ORDER BY record_no") == expected
    assert len(cut.parts) == 43
    assert cut.totals.content_sha256 == whole.totals.content_sha256
    lines = "SELECT record_no, line_no FROM parts ORDER BY 1"
    assert whole.sql(lines) == cut.sql(lines)


def test_content_hash_knows_records_not_order_encoding_or_separator(taken):
    rows = ["1,1.5,20240101", "2,,20240102", "3,é,"]
    hashes = {
        taken(HEAD + "\n".join(rows)).totals.content_sha256,
        taken(HEAD + "\r\n".join(reversed(rows)) + "\r\n").totals.content_sha256,
        taken((HEAD + "\n".join(rows)).replace(",", "|")).totals.content_sha256,
        taken((HEAD + "\n".join(rows)).encode("utf-16")).totals.content_sha256,
    }
    assert len(hashes) == 1
    other = taken(HEAD + "\n".join(rows).replace("1.5", "1.50")).totals.content_sha256
    assert other not in hashes


def test_trailer_and_its_count(taken):
    done = taken(HEAD + "1,1,\n2,2,\nTRAILER,3\n")
    assert done.totals.rows == 2
    assert done.totals.notes == ("The file states 3, but holds 2 records.",)


def test_workbook_cells_and_formulas(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Loan ID", "Amount", "Opened"])
    sheet.append([7, 1.5, date(2024, 1, 31)])
    sheet["A2"].number_format = "0000"
    sheet.append(["L2", "=1+1", None])
    sheet.append(["L3", 2, "20240131"])
    path = tmp_path / "x.xlsx"
    book.save(path)
    done = take(path, tmp_path, LOANS)
    assert done.sql('SELECT line_no, "Loan ID", "Amount", "Opened#date" FROM parts ORDER BY 1') == [
        (2, "0007", "1.5", date(2024, 1, 31)),
        (4, "L3", "2", date(2024, 1, 31)),
    ]
    [row] = done.rejected
    assert (row.record_no, row.line_no, row.code) == (2, 3, "formula_without_value")
    assert "Amount" in row.reason


def test_parquet_values_become_texts(tmp_path):
    path = tmp_path / "x.parquet"
    table = {"Loan ID": [1, 2, 3], "Amount": [1.0, 2.5, None], "Opened": [date(2024, 1, 31)] * 3}
    pq.write_table(pa.table(table), path, row_group_size=2)
    done = take(path, tmp_path, LOANS, records=2)
    assert done.texts("Amount") == ["1", "2.5", None]
    assert done.sql('SELECT DISTINCT "Opened#date" FROM parts') == [(date(2024, 1, 31),)]
    assert [row[0] for row in done.sql("SELECT record_no FROM parts ORDER BY 1")] == [1, 2, 3]


def test_columns_are_matched_by_any_name_and_mended(taken):
    fields = [Field(1, "Loan ID", technical_name="LoanId", item_code="M046"), Field(2, "Amount")]
    done = taken("amount,m046,other,loan_id\n1,2,3,4\n", fields)
    assert [column.attribute_id for column in done.columns] == [2, 1, None, None]
    assert (done.match.extra, done.match.duplicates) == (("other", "loan_id"), ("loan_id",))
    assert done.match.out_of_order == ("amount", "m046")
    mended = match(done.reading, fields, chosen={2: None, 4: 1})
    assert [column.name for column in mended.columns] == ["Amount", "m046", "other", "LoanId"]
    with pytest.raises(UnreadablePopulation) as refused:
        match(done.reading, fields, chosen={1: 1, 2: 1})
    assert refused.value.code == "wrong_match"


def test_the_first_identifier_that_tells_records_apart(taken, tmp_path):
    text = "Bank ID,Loan Number,Amount\n" + "".join(f"1,{n},{n}\n" for n in range(500))
    done = taken(text, [])
    path = tmp_path / "loans.csv"
    assert identifier_column(path, done.reading, done.columns) == "Loan Number"
    assert identifier_column(path, done.reading, done.columns[:1]) is None


def test_the_attributes_name_tells_an_identifier_too(taken, tmp_path):
    done = taken("UTI,Amount\n" + "".join(f"U{n},{n}\n" for n in range(500)), [])
    path, columns = tmp_path / "loans.csv", [replace(done.columns[0], attribute_id=7)]
    assert identifier_column(path, done.reading, columns) is None
    names = {7: "Unique Transaction Identifier (UTI)"}
    assert identifier_column(path, done.reading, columns, names) == "UTI"
