"""Names that share a cell, names that several fields share, and what a column of numbers is."""

import pytest

from synapse.planning.dictionary.codes import parse_codes
from synapse.planning.dictionary.names import two_names
from synapse.planning.dictionary.reading import read_dictionary
from synapse.planning.errors import DuplicateName

HEADING = "Field Name; (Technical Field Name)"


@pytest.mark.parametrize(
    ("text", "heading", "expected"),
    [
        ("Customer ID\n(CustomerID)", HEADING, ("Customer ID", "CustomerID")),
        ("Customer ID (CustomerID)", HEADING, ("Customer ID", "CustomerID")),
        ("Customer ID; (CustomerID)", HEADING, ("Customer ID", "CustomerID")),
        ("Probability of Default (PD)\n(PD)", HEADING, ("Probability of Default (PD)", "PD")),
        ("Rate (in percent)", HEADING, ("Rate (in percent)", "")),
        ("Customer ID (CustomerID)", "Field Name", ("Customer ID (CustomerID)", "")),
    ],
)
def test_a_heading_that_names_two_splits_its_cells(text, heading, expected):
    assert two_names(text, heading) == expected


def test_both_names_reach_the_field():
    content = f'No.,"{HEADING}",Format\n1,"Loan Id\n(LoanID)",C8\n2,Balance (Bal),N8\n'
    fields = read_dictionary(content.encode(), "d.csv").fields
    assert [(field.name, field.technical_name) for field in fields] == [
        ("Loan Id", "LoanID"),
        ("Balance", "Bal"),
    ]


def test_equal_names_are_told_apart_by_their_codes():
    content = b"MDRM,Item Name,Format\nRCFD2170,Total assets,N8\nRCON2170,Total assets,N8\n"
    fields = read_dictionary(content, "d.csv").fields
    assert [field.name for field in fields] == [
        "Total assets (RCFD2170)",
        "Total assets (RCON2170)",
    ]
    assert fields[0].notes == ("name shared by several, told apart by its code",)


def test_equal_names_with_equal_codes_are_refused():
    content = b"MDRM,Item Name,Format\nRCFD2170,Total assets,N8\nRCFD2170,Total assets,N8\n"
    with pytest.raises(DuplicateName):
        read_dictionary(content, "d.csv")


def test_a_column_of_ascending_numbers_is_the_line():
    content = b"Column,Column Heading,Abbrev.,Format\n1,Fair Value,FV,N8\n2,Par Value,PV,N8\n"
    fields = read_dictionary(content, "d.csv").fields
    assert [(field.line, field.name, field.technical_name) for field in fields] == [
        ("1", "Fair Value", "FV"),
        ("2", "Par Value", "PV"),
    ]


def test_allowed_values_that_are_no_list_belong_to_the_format():
    content = (
        b"Field Name,Type,Code where applicable\nTerm,Numeric (whole years),Between 1 and 40\n"
        b'Product,Code,"F = Fixed, V = Variable"\nDue,Date,Must be in yyyy-mm-dd format\n'
    )
    term, product, due = read_dictionary(content, "d.csv").fields
    assert (term.data_type, term.format) == ("integer", "Numeric (whole years) / Between 1 and 40")
    assert [entry["code"] for entry in product.allowed_values] == ["F", "V"]
    assert product.format == "Code"
    assert due.format == "Date / Must be in yyyy-mm-dd format"


def test_codes_in_quotation_marks_stand_where_others_have_a_format():
    content = (
        "Field,Format and standards\n"
        'Side,"‘SESH’ - Short sale\n‘UNDI’ - Not available"\n'
        'Flag,"‘true’\n‘false’"\nAmount,{DECIMAL-18/5}\n'
    ).encode()
    side, flag, amount = read_dictionary(content, "d.csv").fields
    assert [entry["code"] for entry in side.allowed_values] == ["SESH", "UNDI"]
    assert [side.data_type, flag.data_type, amount.data_type] == ["string", "boolean", "decimal"]
    assert [entry["code"] for entry in flag.allowed_values] == ["true", "false"]
    assert not amount.allowed_values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I.A.1 - Assets | O.W.10 - Outflows", ["I.A.1", "O.W.10"]),
        ("A-1-Q - Level 1\nA-2-Q - Level 2", ["A-1-Q", "A-2-Q"]),
        ("REVOLVER - Revolving\nTERM_LOAN - Term", ["REVOLVER", "TERM_LOAN"]),
        ("If type is F or D", []),
        ("Between 1 and 40", []),
    ],
)
def test_long_codes_and_sentences_that_are_none(text, expected):
    assert [code.code for code in parse_codes(text)] == expected
