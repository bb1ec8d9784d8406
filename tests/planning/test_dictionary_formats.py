"""Formats, types, lengths and decimals as dictionaries write them, one by one."""

import pytest

from synapse.planning.dictionary.data_types import resolve_type
from synapse.planning.dictionary.formats import parse_format

FORMATS = [
    ("N12.2", "decimal", 12, 2),
    ("N 1", "integer", 1, None),
    ("N(12,2)", "decimal", 12, 2),
    ("C18", "string", 18, None),
    ("AN..35", "string", 35, None),
    ("Date YYYYMMDD", "date", 8, None),
    ("YYYYMM", "date", 6, None),
    ("YYYY-MM-DD", "date", 10, None),
    ("MM/DD/YYYY", "date", 10, None),
    ("ISO 8601 date", "date", None, None),
    ("TIMESTAMP(6)", "date", None, None),
    ("Character(32)", "string", 32, None),
    ("Character (1)", "string", 1, None),
    ("Text(100)", "string", 100, None),
    ("Text", "string", None, None),
    ("Whole Number", "integer", None, None),
    ("Whole number", "integer", None, None),
    ("Numeric", "decimal", None, None),
    ("Numeric / Integer", "integer", None, None),
    ("Numeric  / Double", "decimal", None, None),
    ("Numeric, up to 5 decimals", "decimal", None, 5),
    ("Numeric, to 2 d ecimals", "decimal", None, 2),
    ("Numeric, up t o 5 decimals", "decimal", None, 5),
    ("Numeric, no decimals", "integer", None, None),
    ("Width up to 45 characters / String", "string", 45, None),
    ("VARCHAR2(20)", "string", 20, None),
    ("VARCHAR2(20 CHAR)", "string", 20, None),
    ("nvarchar(max)", "string", None, None),
    ("CHAR(2)", "string", 2, None),
    ("DECIMAL(18,2)", "decimal", 18, 2),
    ("DECIMAL (18, 2)", "decimal", 18, 2),
    ("NUMBER(10)", "integer", 10, None),
    ("NUMERIC(9,0)", "integer", 9, None),
    ("NUMBER(10,2)", "decimal", 10, 2),
    ("bigint", "integer", None, None),
    ("int64", "integer", None, None),
    ("Float64", "decimal", None, None),
    ("double precision", "decimal", None, None),
    ("X(10)", "string", 10, None),
    ("PIC X(10)", "string", 10, None),
    ("9(8)V99", "decimal", 10, 2),
    ("S9(7)V9(2) COMP-3", "decimal", 9, 2),
    ("9(5)", "integer", 5, None),
    ("Boolean", "boolean", None, None),
    ("Y/N", "boolean", None, None),
    ("Money", "decimal", None, None),
    ("Percentage", "decimal", None, None),
    ("Alphanumeric", "string", None, None),
    ("$8.", "string", 8, None),
    ("Currency", "decimal", None, None),
    ("", "", None, None),
    ("See instructions", "", None, None),
]


@pytest.mark.parametrize(("text", "data_type", "length", "scale"), FORMATS)
def test_a_format_is_understood(text, data_type, length, scale):
    typed = resolve_type(format_text=text, type_text="", length_text="", scale_text="", codes=[])
    assert (typed.data_type, typed.length, typed.scale) == (data_type, length, scale)


def test_no_number_becomes_text_because_of_a_letter():
    for text in ("Numeric", "Decimal", "Currency", "Fractional amount", "Accounting number"):
        assert parse_format(text).data_type == "decimal", text


@pytest.mark.parametrize(
    ("type_text", "length_text", "scale_text", "expected"),
    [
        ("N", "12", "2", ("decimal", 12, 2)),
        ("N", "3", "", ("integer", 3, None)),
        ("Numeric", "12.2", "", ("decimal", 12, 2)),
        ("Numeric", "10,0", "", ("integer", 10, None)),
        ("A", "30", "", ("string", 30, None)),
        ("Decimal", "", "5", ("decimal", None, 5)),
        ("VARCHAR", "255", "", ("string", 255, None)),
        ("Alphanumeric", "Width is 20 characters / String", "", ("string", 20, None)),
        ("Alphanumeric", " / Integer or NA", "", ("integer", None, None)),
        ("Numeric", " / Integer or Blank", "", ("integer", None, None)),
    ],
)
def test_type_length_and_decimals_in_columns_of_their_own(
    type_text, length_text, scale_text, expected
):
    typed = resolve_type(
        format_text="",
        type_text=type_text,
        length_text=length_text,
        scale_text=scale_text,
        codes=[],
    )
    assert (typed.data_type, typed.length, typed.scale) == expected
