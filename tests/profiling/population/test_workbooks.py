"""Workbooks: cells as a person sees them, formulas by their stored value, damage refused."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from synapse.profiling.population import workbook
from tests.profiling.population.reading import HEAD

HEADINGS = HEAD.strip().split(",")


def book(*rows):
    made = openpyxl.Workbook()
    for row in (HEADINGS, *rows):
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def edited(content, name, change):
    """The workbook with one of its inner files changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            kept = change(data) if entry.filename == name else data
            new.writestr(entry.filename, kept, zipfile.ZIP_DEFLATED)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
RECORDS = [[f"L{n}", n, "20240101"] for n in range(1, 6)]


def test_cells_are_read_as_a_person_sees_them(taken):
    cells = ["007", 7, 1.5, 1e20, True, date(2024, 1, 31), datetime(2024, 1, 31, 8, 30), "#N/A"]
    done = taken(book(*[[cell, 1, None] for cell in cells]), (), name="x.xlsx")
    assert done.texts("Loan ID") == [
        "007", "7", "1.5", "1e+20", "TRUE", "2024-01-31", "2024-01-31 08:30:00", "#N/A",
    ]  # fmt: skip


def test_a_formulas_stored_value_is_used_and_one_without_is_rejected(taken):
    content = book(*RECORDS, ["L6", "=B2+B3", "20240101"], ["L7", "=B3", "20240101"])
    stored = b"<f>B2+B3</f><v>3.25</v>"
    content = edited(content, SHEET, lambda xml: xml.replace(b"<f>B2+B3</f><v></v>", stored)
                     .replace(b"<f>B2+B3</f><v />", stored))  # fmt: skip
    done = taken(content, name="x.xlsx")
    assert done.texts("Amount") == ["1", "2", "3", "4", "5", "3.25"]
    [row] = done.rejected
    assert (row.record_no, row.line_no, row.code) == (7, 8, "formula_without_value")
    assert row.reason == (
        "The formula in “Amount” has no stored value; open the workbook, calculate and save it."
    )


def test_texts_that_look_like_formulas_stay_texts(taken):
    texts = ["+1", "-x", "@sum", "'=1"]
    done = taken(book(*[[text, 1, None] for text in texts]), name="x.xlsx")
    assert done.texts("Loan ID") == texts


@pytest.mark.parametrize("told", [b"A1", b"A1:XFD1048576"])
def test_what_a_sheet_says_of_its_size_is_not_believed(taken, told):
    def change(xml):
        assert b'<dimension ref="A1:C6"' in xml
        return xml.replace(b'<dimension ref="A1:C6"', b'<dimension ref="' + told + b'"')

    done = taken(edited(book(*RECORDS), SHEET, change), name="x.xlsx")
    assert done.texts("Loan ID") == ["L1", "L2", "L3", "L4", "L5"]
    assert done.reading.fields == 3


@pytest.mark.parametrize("left", [0.2, 0.6, 0.95])
def test_a_cut_off_workbook_is_refused(refusal, left):
    content = book(*RECORDS)
    refused = refusal(content[: int(len(content) * left)], name="x.xlsx")
    assert refused.code == "damaged_population"
    assert refused.message.startswith(
        "“x.xlsx” is named or begins like an Excel workbook, but it is damaged or cut off ("
    )


def test_a_sheet_that_breaks_off_is_refused(refusal):
    content = edited(book(*RECORDS), SHEET, lambda xml: xml[: len(xml) // 2])
    assert refusal(content, name="x.xlsx").code == "damaged_population"


def test_a_workbook_that_unpacks_to_a_multiple_is_refused_unread(refusal):
    content = edited(book(*RECORDS), SHEET, lambda xml: xml + b" " * (65 << 20))
    refused = refusal(content, name="x.xlsx")
    assert (refused.code, refused.http_status) == ("workbook_too_large", 413)
    assert refused.message == (
        "“x.xlsx” unpacks to more than 200 times its size. Save the sheet of the records as CSV "
        "and upload that."
    )


@pytest.mark.parametrize(
    ("limit", "told"), [("MAX_UNPACKED", "0 GB"), ("MAX_TEXTS", "0 MB of texts")]
)
def test_a_workbook_larger_than_the_limits_is_refused(refusal, monkeypatch, limit, told):
    content = io.BytesIO(book(*RECORDS))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", b"<sst>" + b"<si/>" * 200 + b"</sst>")
    monkeypatch.setattr(workbook, limit, 500)
    refused = refusal(content.getvalue(), name="x.xlsx")
    assert refused.code == "workbook_too_large"
    assert f"unpacks to more than {told}" in refused.message


def test_entities_that_multiply_are_refused(refusal):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    content = edited(book(*RECORDS), SHEET, lambda xml: bomb + xml.split(b"?>", 1)[-1])
    assert refusal(content, name="x.xlsx").code == "damaged_population"


def test_an_encrypted_workbook_is_refused_and_says_so(refusal):
    refused = refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"E" * 600, name="x.xlsx")
    assert refused.code == "unknown_population_type"
    assert "protected by a password" in refused.message
    content = bytearray(book(*RECORDS))
    # The flag of encryption of the first file, where it stands and in the directory.
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(mark) + place] |= 1
    assert "protected by a password" in refusal(bytes(content), name="x.xlsx").message


def test_headings_alone_and_empty_sheets_hold_no_records(refusal):
    assert refusal(book(), name="x.xlsx").code == "no_records"
    empty = io.BytesIO()
    openpyxl.Workbook().save(empty)
    assert refusal(empty.getvalue(), name="x.xlsx").code == "no_records"


def test_titles_blank_rows_and_totals_around_records(taken):
    made = openpyxl.Workbook()
    for row in (["Loans of 2024"], [], HEADINGS, *RECORDS, [], ["L6", 6, None], ["Total", 6]):
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    done = taken(out.getvalue(), name="x.xlsx")
    assert (done.reading.skip, done.reading.trailer) == (2, 1)
    assert done.sql("SELECT record_no, line_no FROM parts ORDER BY 1")[-2:] == [(5, 8), (6, 10)]


def test_records_behind_a_long_gap_are_read(taken):
    def change(xml):
        return xml.replace(b'<row r="6">', b'<row r="30006">')

    content = edited(book(*RECORDS), SHEET, change)
    assert taken(content, name="x.xlsx").texts("Loan ID") == ["L1", "L2", "L3", "L4", "L5"]


def test_a_row_beyond_the_last_of_a_sheet_is_refused(refusal):
    def change(xml):
        return xml.replace(b'<row r="6">', b'<row r="999999999">')

    error = refusal(edited(book(*RECORDS), SHEET, change), name="x.xlsx")
    assert "beyond row 1,048,576" in error.message
