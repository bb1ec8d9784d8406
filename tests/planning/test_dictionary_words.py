"""Requirement words, code lists, headings, keys and retired lines, one by one."""

from datetime import date

import pytest

from synapse.planning.dictionary.codes import parse_codes, parse_codes_in_prose
from synapse.planning.dictionary.headings import propose
from synapse.planning.dictionary.reading import read_dictionary
from synapse.planning.dictionary.requirements import parse_nullable, parse_requirement
from synapse.planning.dictionary.retired import retirement
from synapse.planning.dictionary.text import cell_text
from synapse.planning.lists import Entry, match


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(
            (word, "mandatory")
            for word in ("M", "Mandatory", "Required", "Y", "yes", "Always", "1")
        ),
        *((word, "conditional") for word in ("C", "Conditional", "Required if line 3 is filled")),
        *((word, "optional") for word in ("O", "Optional", "N", "Not required", "no", "0")),
        ("Mandatory for advanced approaches, otherwise optional", "conditional"),
        ("M - Mandatory", "mandatory"),
        ("May be left blank", "optional"),
        ("1..1", "mandatory"),
        ("0..1", "optional"),
        ("", ""),
        ("Zebra", ""),
    ],
)
def test_requirement_words(text, expected):
    assert parse_requirement(text) == expected


def test_a_column_of_nulls_says_the_opposite():
    assert [parse_nullable(word) for word in ("Y", "N", "NOT NULL", "NULL")] == [
        "optional",
        "mandatory",
        "mandatory",
        "optional",
    ]


YES_NO = [("1", "Yes"), ("2", "No")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 = Yes; 2 = No", YES_NO),
        ("1=Yes;2=No", YES_NO),
        ("1 = Yes, 2 = No", YES_NO),
        ("1. Yes 2. No", YES_NO),
        ("1) Yes 2) No", YES_NO),
        ("1 - Yes\n2 - No", YES_NO),
        ("1 - Yes; 2 - No", YES_NO),
        ("1 – Yes\n2 = No", YES_NO),
        ("1: Yes\n2: No", YES_NO),
        ("1: Yes, 2: No", YES_NO),
        ("1 Yes\n2 No", YES_NO),
        ("Codes:\n1 = Yes\n2 = No", YES_NO),
        ("(1) Yes (2) No", YES_NO),
        ("01-Revolver;02-Term Loan", [("01", "Revolver"), ("02", "Term Loan")]),
        ("Y/N", [("Y", "Yes"), ("N", "No")]),
        ("Y-Yes\nN-No", [("Y", "Yes"), ("N", "No")]),
        ("Y=Yes\nN=No\nU =Unknown", [("Y", "Yes"), ("N", "No"), ("U", "Unknown")]),
        ("Integer: 1, 2, 3", [("1", ""), ("2", ""), ("3", "")]),
        ("1, 2, 31 or Blank", [("1", ""), ("2", ""), ("31", "")]),
        ("1 2 31", [("1", ""), ("2", ""), ("31", "")]),
        ("Open; Closed; Charged off", [("Open", ""), ("Closed", ""), ("Charged off", "")]),
        ("NA = NA; Exempt = Exempt", [("NA", "NA"), ("Exempt", "Exempt")]),
        ("01 = New\n1Z = Other\nUU = Unknown", [("01", "New"), ("1Z", "Other"), ("UU", "Unknown")]),
    ],
)
def test_code_lists(text, expected):
    assert [(code.code, code.meaning) for code in parse_codes(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "e.g., 125000 for $125,000.00 Use banker’s rounding.",
        "Whole Number, e.g., 36, 42",
        "YYYYMMDD",
        "Provide as a fraction. E.g.: 0.8 for 80% 1.05 for 105%",
        "Five-digit, Include leading zeroes, e.g.: 00901, 10101",
        "Two-letter postal codes for the state.",
        "Any positive number",
    ],
)
def test_what_is_no_code_list(text):
    assert parse_codes(text) == []


def test_a_list_within_a_description_is_found_and_prose_is_not():
    found = parse_codes_in_prose("Report the reward type.\n1 = Cash\n2 = Miles\nSee also line 7.")
    assert [(code.code, code.meaning) for code in found] == [("1", "Cash"), ("2", "Miles")]
    assert (
        parse_codes_in_prose("The ratio, LTV = loan / value, as in item 2. Use 3 decimals.") == []
    )


def test_headings_are_known_by_many_names():
    headings = ["Ln #", "Field Name", "TechnicalName", "MDRM", "Data Type", "Max Length",
                "M/O/C",
                "Valid Values", "Business Definition", "PK?", "CDE (Y/N)",
                "Retired On"]  # fmt: skip
    roles = [column.role for column in propose(headings)]
    assert roles[1:] == [
        "name", "technical_name", "item_code", "data_type", "length", "requirement",
        "allowed_values", "description", "key", "cde", "end_date",
    ]  # fmt: skip


def test_every_proposal_says_how_sure_it_is():
    columns = propose(["name", "definiton", "colour"])
    assert columns[0].confidence == 1
    assert 0.6 <= columns[1].confidence < 1
    assert (columns[2].role, columns[2].confidence) == ("", 0)


@pytest.mark.parametrize(
    ("name", "status", "heading", "ended", "gone"),
    [
        ("Interest Type (Retired March 2020)", "", "", "", True),
        ("Reserved", "", "", "", True),
        ("Filler 2", "", "", "", True),
        ("Balance", "retired", "status", "", True),
        ("Balance", "Inactive", "Status", "", True),
        ("Balance", "N", "Active", "", True),
        ("Balance", "Y", "Retired", "", True),
        ("Balance", "", "", "2019-12-31", True),
        ("Balance", "active", "status", "9999-12-31", False),
        ("Balance", "Y", "Active", "", False),
        ("Balance", "N", "Retired", "", False),
        ("Reserve Amount", "", "", "", False),
        ("Retired Bond Indicator", "", "", "", False),
    ],
)
def test_retired_lines(name, status, heading, ended, gone):
    reason = retirement(
        name=name, status=status, status_heading=heading, ended=ended, today=date(2026, 1, 1)
    )
    assert bool(reason) is gone


def test_html_and_line_breaks_leave_cells():
    assert cell_text("<p>First<br/>second</p><script>x()</script> &amp; third") == (
        "First\nsecond\n& third"
    )
    assert cell_text("less < 5 and > 3") == "less < 5 and > 3"
    assert cell_text(18.0) == "18"


def test_keys_are_taken_from_marks_else_proposed():
    marked = read_dictionary(
        b"Name,Format\nBank (PK),C4\nPeriod (PK),YYYYMMDD\nSum,N9.2\n", "a.csv"
    )
    assert (marked.proposed_keys, [field.key_proposed for field in marked.fields]) == (
        ["Bank", "Period"],
        [False, False, False],
    )
    flagged = read_dictionary(b"Name,Format,Key\nA,C4,Y\nB,C4,\nC,C4,N\n", "a.csv")
    assert flagged.proposed_keys == ["A"]
    guessed = read_dictionary(
        b"Name,Format\nLoan Number,C18\nAmount,N9.2\nCustomer ID,C10\nNetwork ID,N1\n", "a.csv"
    )
    assert guessed.proposed_keys == ["Loan Number", "Customer ID", "Network ID"]


def test_dictionaries_as_banks_write_them():
    schema = (
        "column_name,data_type,character_maximum_length,numeric_scale,is_nullable,column_default\n"
        "loan_id,character varying,32,,NO,\namount,numeric,,2,YES,true\n"
    )
    loan, amount = read_dictionary(schema.encode(), "columns.csv").fields
    assert (loan.name, loan.data_type, loan.length, loan.requirement) == (
        "loan_id",
        "string",
        32,
        "mandatory",
    )
    assert (amount.name, amount.data_type, amount.scale, amount.requirement) == (
        "amount",
        "decimal",
        2,
        "optional",
    )
    layout = (
        "Pos,Start,End,Len,Field,Type,M/C/O,Codes\n"
        "1,1,8,8,Closing Date,CCYYMMDD,C,\n2,9,20,12,Price,9(10)V99,O,\n"
        '3,21,21,1,Occupancy,A,M,"P - Primary; S - Second Home"\n4,22,28,7,FILLER,A,,\n'
    )
    read = read_dictionary(layout.encode(), "layout.csv")
    assert [(field.name, field.data_type, field.requirement) for field in read.fields] == [
        ("Closing Date", "date", "conditional"),
        ("Price", "decimal", "optional"),
        ("Occupancy", "string", "mandatory"),
    ]
    assert read.fields[2].allowed_values[0] == {"code": "P", "meaning": "Primary"}
    assert [entry.name for entry in read.left_out] == ["FILLER"]


def test_words_of_transaction_and_call_reports_are_read():
    transactions = (
        "N,FIELD,CONTENT TO BE REPORTED,FORMAT AND STANDARDS TO BE USED FOR REPORTING\n"
        "1,Report status,New or cancelled.,\"'NEWT' - New, 'CANC' - Cancellation\"\n"
        "4,Executing entity,Who executes.,{LEI}\n28,Trading date time,When.,{DATE_TIME_FORMAT}\n"
        "34,Price currency,Of the price.,{CURRENCYCODE_3}\n"
    )
    fields = read_dictionary(transactions.encode(), "transactions.csv").fields
    assert [field.data_type for field in fields] == ["string", "string", "date", "string"]
    assert [entry["code"] for entry in fields[0].allowed_values] == ["NEWT", "CANC"]
    assert [field.line for field in fields] == ["1", "4", "28", "34"]
    calls = "MDRM,Item Caption,Type of data\nRCON2170,Total assets,USD thousands\n"
    (assets,) = read_dictionary(calls.encode(), "calls.csv").fields
    assert (assets.item_code, assets.data_type) == ("RCON2170", "decimal")


def test_a_list_may_name_fields_by_their_item_code():
    dictionary = read_dictionary(b"MDRM,Name\nRCON2170,Total assets\nRCON2948,Liabilities\n", "d")
    fields = dictionary.fields
    found = match([Entry(row=2, name="rcon2948"), Entry(row=3, name="RCON0000")], fields)
    assert [(field.name, how) for _, field, how in found.sure] == [("Liabilities", "item code")]
    assert [entry.row for entry in found.unmatched] == [3]
