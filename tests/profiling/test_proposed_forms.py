"""How values are written: by the dictionary, and where it is silent or wrong, by the records."""

import re

import pytest

from synapse.profiling.proposing.candidates import Filed, candidates
from synapse.profiling.proposing.formats import (
    date_format,
    number_pattern,
    shown_format,
    text_pattern,
)
from synapse.profiling.rulebook.dates import pattern_of
from tests.profiling.test_rule_proposals import Field


def test_the_files_decimal_mark_is_the_patterns():
    pattern, _ = number_pattern(Field(data_type="decimal", length=8, scale=2), ",")
    assert re.fullmatch(pattern, "-12,50") and not re.fullmatch(pattern, "12.50")


@pytest.mark.parametrize(
    ("format", "good", "bad"),
    [
        ("{LEI}", "5493001KJTIIGC8Y1R12", "5493001KJTIIGC8Y1RX"),
        ("ISIN", "DE0001234567", "DE123"),
        ("{CURRENCYCODE_3}", "EUR", "EURO"),
        ("ISO 3166-1 alpha-2", "DE", "DEU"),
    ],
)
def test_identifiers_of_a_standard_have_its_form(format, good, bad):
    pattern, _ = text_pattern(Field(data_type="string", format=format))
    assert re.fullmatch(pattern, good) and not re.fullmatch(pattern, bad)


def test_a_format_with_alternatives_to_a_standard_has_no_form():
    assert text_pattern(Field(data_type="string", format="{LEI} {MIC} {NATIONAL_ID}")) is None


def test_yes_or_no_without_codes_is_one_of_the_usual_words():
    pattern, _ = text_pattern(Field(data_type="boolean"))
    assert all(re.fullmatch(pattern, each) for each in ("true", "N", "1"))
    assert not re.fullmatch(pattern, "maybe")


@pytest.mark.parametrize(
    ("format", "expected"),
    [
        ("CCYYMMDD", "YYYYMMDD"),
        ("ISO 8601 YYYY-MM-DDThh:mm:ssZ", "YYYY-MM-DDTHH:MI:SSZ"),
        ("yyyy-MM-dd HH:mm", "YYYY-MM-DD HH:MI"),
        ("YYYY-MM-DDThh:mm:ss.dddZ", None),
        ("ISO 8601 date", "YYYY-MM-DD"),
        ("ISO 8601 date and time", None),
        ("Date", None),
    ],
)
def test_the_stated_form_of_a_date(format, expected):
    assert date_format(Field(data_type="date", format=format)) == expected


def test_a_clock_is_matched_whole():
    pattern = pattern_of("YYYY-MM-DDTHH:MI:SSZ")
    assert re.fullmatch(pattern, "2024-02-29T23:59:59Z")
    assert not re.fullmatch(pattern, "2023-02-29T23:59:59Z")
    assert not re.fullmatch(pattern, "2024-02-29")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("2024-01-05", "2023-12-31", "2020-02-29"), "YYYY-MM-DD"),
        (("2024-01-05", "2023-12-31", "2020-02-29", "n/a"), "YYYY-MM-DD"),
        (("2024-01-05", "", "2020-02-29"), None),
        (("01/02/2024", "03/04/2024", "05/06/2024"), None),
        (("01/02/2024", "13/04/2024", "05/06/2024", "30/06/2024"), "DD/MM/YYYY"),
        (("soon", "later", "never"), None),
    ],
)
def test_the_form_that_values_show(values, expected):
    assert shown_format(values) == expected


@pytest.mark.parametrize(
    ("stated", "expected", "source"),
    [
        ("MM/DD/YYYY", "YYYY-MM-DD", "inferred"),
        ("", "YYYY-MM-DD", "inferred"),
        ("YYYY-MM-DD", "YYYY-MM-DD", "dictionary"),
    ],
)
def test_dates_of_typed_cells_are_judged_as_the_file_has_them(stated, expected, source):
    filed = Filed(dates={1: ("2024-01-05", "2023-12-31", "2020-02-29")})
    [found] = candidates([Field(data_type="date", format=stated)], {1: "Paid"}, filed)
    assert found.rule.parameters == {"format": expected}
    assert (found.rule.source, found.inferred) == (source, source == "inferred")
