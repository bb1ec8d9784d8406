"""Values as people write them: texts verbatim, numbers, dates and blanks by one meaning."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from synapse.common.streaming import csv_lines
from synapse.profiling.population.values import BLANK
from synapse.profiling.rulebook import Rule, evaluate_part
from tests.profiling.population.reading import HEAD, LOANS, Field

PADDED = "  L1  "


def test_texts_keep_zeros_spaces_and_signs(taken):
    texts = ["00012", PADDED, "=1+1", "+2", "-3", "@x", "1e5", "1,5", "TRUE", "NULL", "NaN", "\\N"]
    done = taken(HEAD + "".join(f'"{text}",1,\n' for text in texts))
    assert done.texts("Loan ID") == texts
    exported = "".join(csv_lines(["id"], [[text] for text in done.texts("Loan ID")]))
    assert exported.splitlines()[3:7] == ["'=1+1", "'+2", "'-3", "'@x"]


def test_numbers_of_several_notations_stand_beside_their_texts(taken):
    numbers = {
        "1,234.50": "1234.5", "1 234.50": "1234.5", "1\u00a0234.50": "1234.5", "1'234.50": "1234.5",
        "1234.5000": "1234.5", "$1,234.50": "1234.5", "(1,234.50)": "-1234.5", "1.2345E3": "1234.5",
        "001234.5": "1234.5", " 1234.5 ": "1234.5", "1234.5 USD": "1234.5", "1234.5-": "-1234.5",
        "12,34.50": None, "1 23 450": None, "12.345.6": None, "0x10": None, "1/2": None,
        "Infinity": None, "١٢": None,
    }  # fmt: skip
    done = taken(HEAD + "".join(f'L,"{text}",\n' for text in numbers))
    rows = done.sql('SELECT "Amount", "Amount#number" FROM parts ORDER BY record_no')
    assert rows == [(text, number and Decimal(number)) for text, number in numbers.items()]
    assert done.columns[1].unreadable == 7


@pytest.mark.parametrize("count", [100, 5_000])
@pytest.mark.parametrize("mark", [".", ","])
def test_many_different_numbers_read_like_few(taken, count, mark):
    """Few are read one by one, many are cast at once."""
    texts = [f"{n}.{n % 100:02d}" for n in range(count)] + ["1,000.5", "(7)", "x", " 8 ", ".5"]
    swapped = str.maketrans({".": mark, ",": "." if mark == "," else ","})
    content = HEAD.replace(",", ";") + "".join(f"L;{text.translate(swapped)};\n" for text in texts)
    done = taken(content)
    assert done.reading.decimal == mark
    found = [row[0] for row in done.sql('SELECT "Amount#number" FROM parts ORDER BY record_no')]
    assert found[:count] == [Decimal(text) for text in texts[:count]]
    assert found[count:] == [Decimal("1000.5"), -7, None, 8, Decimal("0.5")]


def test_a_decimal_comma_is_read_where_the_file_has_it(taken):
    done = taken("Loan ID;Amount;Opened\nL1;1.234,50;\nL2;7,5;\nL3;1 234,5;\nL4;8;\n")
    assert done.reading.decimal == ","
    assert done.sql('SELECT list("Amount#number" ORDER BY record_no) FROM parts') == [
        ([Decimal("1234.5"), Decimal("7.5"), Decimal("1234.5"), Decimal(8)],)
    ]


def test_dates_of_several_notations(taken):
    fields = (*LOANS[:2], Field(3, "Opened", "date", format="YYYYMMDD, MM/DD/YYYY or DD-MON-YYYY"))
    texts = ["20240131", "1/31/2024", "31-Jan-2024", "99991231", "00010101", "20240230", "2024",
             "31/01/2024", "20240131 "]  # fmt: skip
    done = taken(HEAD + "".join(f"L,1,{text}\n" for text in texts), fields)
    day = date(2024, 1, 31)
    assert done.sql('SELECT list("Opened#date" ORDER BY record_no) FROM parts') == [
        ([day, day, day, date(9999, 12, 31), date(1, 1, 1), None, None, None, day],)
    ]
    assert done.columns[2].unreadable == 3


@pytest.mark.parametrize("value", [*BLANK, BLANK, "   ", ""])
@pytest.mark.parametrize("kind", ["string", "decimal", "date", "boolean"])
def test_white_space_is_blank_and_to_rules_too(taken, value, kind):
    found = _blank_to_both(taken, value, kind)
    assert found == (1, 0, 1)


@pytest.mark.parametrize("value", ["\u00a0", "\u3000", "\x1f"])
def test_other_spaces_are_no_blank_and_to_rules_neither(taken, value):
    assert _blank_to_both(taken, value, "string") == (0, 0, 0)
    assert _blank_to_both(taken, value, "decimal") == (0, 1, 0)


def _blank_to_both(taken, value, kind):
    """How many values of a record are blank and unreadable, and how many fail “not blank”."""
    fields = [Field(1, "id"), Field(2, "value", kind)]
    done = taken(f'id,value\nL1,"{value}"\n', fields, given={"header": True, "delimiter": ","})
    column = done.columns[1]
    rule = Rule.from_dict({"rule_id": "1", "kind": "not_blank", "attributes": ["value"]})
    out = done.parts[0].with_name("failures.parquet")
    [count] = evaluate_part(done.parts[0], done.columns, [rule], ["id"], out)
    return column.blank, column.unreadable, count.failed


def test_encoded_columns_read_back_as_texts(taken):
    done = taken(HEAD + "L1,1,20240101\n")
    schema = pa.parquet.read_schema(done.parts[0])
    assert schema.names == [
        "record_no", "line_no", "Loan ID", "Amount", "Amount#number", "Opened", "Opened#date",
    ]  # fmt: skip
    assert schema.field("Amount").type == pa.string()
    assert schema.field("Amount#number").type == pa.decimal128(38, 12)
    assert schema.field("Opened#date").type == pa.date32()
