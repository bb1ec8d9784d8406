"""Bad input: each refused with the file, the place and the mend; odd but right input read right."""

import io
import json
import zipfile

import openpyxl
import pytest

from synapse.planning import errors
from synapse.planning.dictionary.reading import read_dictionary

GOOD = "Line,Name,Format\n1,Loan Number,C18\n2,Größe des Kredits – Euro,N12.2\n"


def read(content, name="dictionary.csv", **options):
    body = content.encode() if isinstance(content, str) else content
    return read_dictionary(body, name, **options)


def workbook(rows, *, title="Fields", more=()) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for name, other in more:
        sheet = book.create_sheet(name)
        for row in other:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def archive(**entries) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def refused(content, error, *said, name="dictionary.csv", **options):
    """The refusal, whose text names the file and all of `said`."""
    with pytest.raises(error) as caught:
        read(content, name, **options)
    message = caught.value.message
    assert caught.value.http_status in (413, 415, 422)
    for text in (name, *said):
        assert str(text) in message, message
    return caught.value


@pytest.mark.parametrize("content", [b"", b"  \r\n\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file(content):
    refused(content, errors.EmptyFile, "is empty")


def test_headings_and_nothing_else():
    refused("Line,Name,Format\n", errors.NoFieldRows, "row 1")
    refused(workbook([["Line", "Name", "Format"]]), errors.NoFieldRows, name="a.xlsx")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_every_usual_encoding_is_read_right(encoding):
    dictionary = read(GOOD.encode(encoding))
    assert [field.name for field in dictionary.fields] == [
        "Loan Number",
        "Größe des Kredits – Euro",
    ]


def test_bytes_of_no_known_encoding_name_their_row():
    refused(b"Name,Format\nA,C1\nB\x81,C1\n", errors.UndecodableText, "row 3")


def test_nul_bytes_name_their_row():
    refused(b"Name,Format\nA,C1\nB\0,C1\n", errors.NulBytes, "row 3")


def test_ragged_rows_name_row_counts_and_mend():
    long = refused(
        "Name,Format,Notes\nA,C1,x\nB,C1,y,z\nC,C1\n", errors.RaggedRows, "row 3", "4", "3"
    )
    assert [entry["pointer"] for entry in long.errors] == ["/rows/3", "/rows/4"]
    refused("Name,Format,Notes\nA,C1,x\nB,C1\n", errors.RaggedRows, "row 3", "quotation marks")
    refused("Name,Format\nA,C1\nB,C1,y\n", errors.RaggedRows, "row 3", "3", "2")
    refused("Name,Format\nA,C1\nB\n", errors.RaggedRows, "row 3", "1", "2")


def test_rows_after_cells_of_several_lines_keep_their_true_number():
    refused('Name,Format,Notes\nA,C1,"x\ny\nz"\nB,C1\n', errors.RaggedRows, "row 5")


def test_duplicate_headings_name_both_columns():
    refused("Name,Format,name\nA,C1,B\n", errors.DuplicateHeading, "A and C")


def test_no_name_column_tells_what_was_read():
    refused("Colour,Shape\nred,round\n", errors.NoNameColumn, "Colour, Shape")
    refused("Format,Length\nC,1\n", errors.NoNameColumn, "row 1")


def test_the_name_column_can_be_told():
    dictionary = read("Colour,Format\nred,C1\n", mapping={"name": "Colour", "format": "Format"})
    assert (dictionary.fields[0].name, dictionary.fields[0].length) == ("red", 1)
    refused("Colour,Format\nred,C1\n", errors.UnknownColumn, "Color", mapping={"name": "Color"})
    refused(
        "Colour,Format\nred,C1\n",
        errors.ColumnMappedTwice,
        "Colour",
        mapping={"name": "Colour", "line": "Colour"},
    )


def test_two_fields_of_one_name_name_both_rows():
    refused("Name,Format\nLoan Id,C1\nB,C1\nloan  ID,C1\n", errors.DuplicateName, "2", "4")


def test_a_missing_name_names_its_row():
    refused("Line,Name,Format\n1,A,C1\n2,,C1\n", errors.NameMissing, "row 3", "Name")


def test_cells_of_several_lines_and_html_are_folded_and_stripped():
    dictionary = read(
        'Name,Format,Valid values,Description\n"Loan\nNumber",C1,"<b>1</b> = Yes<br>2 = No",'
        '"<p>First.</p><p>Second &amp; last.</p>"\n'
    )
    field = dictionary.fields[0]
    assert (field.name, field.description) == ("Loan Number", "First. Second & last.")
    assert field.allowed_values == [
        {"code": "1", "meaning": "Yes"},
        {"code": "2", "meaning": "No"},
    ]


def test_a_quote_left_open_names_its_row():
    refused('Name,Format\nA,C1\n"B,C1\nC,C1\n', errors.UnclosedQuote, "row 3")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_usual_separator_is_found(delimiter):
    rows = [
        ["Name", "Format", "Valid values"],
        ["A", "N12,2" if delimiter != "," else "N12.2", "x"],
    ]
    dictionary = read("\n".join(delimiter.join(row) for row in rows))
    assert dictionary.table.delimiter == delimiter
    assert dictionary.fields[0].scale == 2


def test_titles_above_and_notes_below_are_no_fields():
    dictionary = read("Schedule D,,\nas of 2026,,\nName,Format,Line\nA,C1,1\nB,C1,2\nSource: us\n")
    assert dictionary.header_row == 3
    assert [field.name for field in dictionary.fields] == ["A", "B"]
    assert dictionary.left_out[0].reason == "a note, not a field"


def test_a_zip_renamed_to_xlsx():
    refused(archive(readme="hello"), errors.NotAWorkbook, "plain zip", name="dictionary.xlsx")


def test_text_renamed_to_xlsx_and_old_excel():
    refused(GOOD, errors.NotAWorkbook, name="dictionary.xlsx")
    refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, errors.NotAWorkbook, name="a.xls")


def test_a_damaged_workbook():
    content = workbook([["Name", "Format"], ["A", "C1"]])
    refused(content[:-300], errors.NotAWorkbook, "damaged", name="a.xlsx")
    sheet = archive(**{"[Content_Types].xml": "x", "xl__workbook.xml": "<broken"})
    refused(sheet, errors.NotAWorkbook, "damaged", name="a.xlsx")


def test_a_workbook_that_unpacks_to_something_enormous():
    bomb = archive(
        **{"[Content_Types].xml": "x", "xl__workbook.xml": "x", "xl__bomb.xml": b"0" * (100 << 20)}
    )
    assert len(bomb) < 200_000
    refused(bomb, errors.WorkbookTooLarge, name="a.xlsx")


def test_a_lone_cell_at_the_far_end_of_a_sheet_costs_no_memory():
    book = openpyxl.Workbook()
    book.active.append(["Name", "Format"])
    book.active.append(["A", "C1"])
    book.active.cell(row=1_048_576, column=16_384, value="far")
    stream = io.BytesIO()
    book.save(stream)
    dictionary = read(stream.getvalue(), "a.xlsx")
    assert [field.name for field in dictionary.fields] == ["A"]


def test_a_file_over_the_limit():
    refused(GOOD, errors.FileTooLarge, "larger", limit=20)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("scan.pdf", b"%PDF-1.7 ..."),
        ("photo.png", b"\x89PNG\r\n\x1a\n"),
        ("notes.docx", GOOD.encode()),
        ("program.exe", b"MZ\x90\x00"),
        ("page.csv", b"<!DOCTYPE html><table><tr><td>Name</td></tr></table>"),
    ],
)
def test_an_unknown_type_says_what_is_possible(name, content):
    refused(content, errors.UnknownFileType, "CSV, XLSX or JSON", name=name)


def test_json_that_is_broken_or_holds_no_fields():
    refused('[{"name": "A",}]', errors.InvalidJson, "line 1", name="a.json")
    refused('{"title": "none"}', errors.NoJsonRecords, name="a.json")
    refused("[]", errors.EmptyFile, name="a.json")


def test_json_lists_are_found_wherever_they_stand():
    fields = [
        {"fieldName": "Loan Number", "dataType": "string", "maxLength": 18},
        {"fieldName": "Kind", "dataType": "integer",
         "enumerations": [{"value": "1", "description": "Card"},
                          {"value": "2", "description": "Loan"}]},
    ]  # fmt: skip
    for content in (fields, {"fields": fields}, {"schema": {"version": 1, "columns": fields}}):
        dictionary = read(json.dumps(content), "schema.json")
        assert [field.name for field in dictionary.fields] == ["Loan Number", "Kind"]
        assert dictionary.fields[0].length == 18
        assert dictionary.fields[1].allowed_values[1] == {"code": "2", "meaning": "Loan"}


def test_json_properties_keyed_by_name():
    content = {"properties": {"loan_id": {"type": "string"}, "amount": {"type": "number"}}}
    dictionary = read(json.dumps(content), "schema.json")
    assert [(field.name, field.data_type) for field in dictionary.fields] == [
        ("loan_id", "string"),
        ("amount", "decimal"),
    ]


def test_the_right_sheet_and_heading_row_of_a_workbook():
    content = workbook(
        [["Read me"], ["This workbook describes the report."]],
        title="Cover",
        more=[
            (
                "Fields",
                [
                    ["Data dictionary", None, None],
                    [],
                    ["No", "Field name", "Data type", "Length", "Mandatory"],
                    ["Part A", None, None, None, None],
                    [1, "Loan Number", "VARCHAR", 18, "Y"],
                    [2, "Amount", "DECIMAL(18,2)", None, "N"],
                    [3, "Opened on", "DATE", None, "Conditional"],
                ],
            ),
            ("Change log", [["Date", "What"], ["2026-01-01", "First"]]),
        ],
    )
    dictionary = read(content, "book.xlsx")
    assert (dictionary.table.place, dictionary.header_row) == ("Fields", 3)
    assert [(f.name, f.data_type, f.length, f.requirement) for f in dictionary.fields] == [
        ("Loan Number", "string", 18, "mandatory"),
        ("Amount", "decimal", 18, "optional"),
        ("Opened on", "date", None, "conditional"),
    ]
    assert [entry.reason for entry in dictionary.left_out] == ["a section heading"]
    assert dictionary.fields[0].line == "1"


def test_codes_in_rows_below_their_field_belong_to_it():
    content = workbook(
        [
            ["Name", "Type", "Values"],
            ["Kind", "N1", "1 = Card"],
            [None, None, "2 = Loan"],
            ["Amount", "N9.2", None],
        ]
    )
    kind, amount = read(content, "a.xlsx").fields
    assert [entry["code"] for entry in kind.allowed_values] == ["1", "2"]
    assert amount.allowed_values == []


def test_several_schedules_in_one_file_ask_for_one():
    content = "Schedule,Line,Name,Format\nA.1,1,Loan Number,C18\nB.1,1,Loan Number,C18\n"
    refused(content, errors.UnknownSchedule, "A.1, B.1")
    refused(content, errors.UnknownSchedule, schedule="C.1")
    assert len(read(content, schedule="B.1").fields) == 1


def test_a_file_of_retired_lines_alone():
    refused("Name,Status\nA,retired\nB,deleted\n", errors.NothingLeft, "2 rows")
