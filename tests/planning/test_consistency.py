"""Details of a drafted field that contradict each other are left out, and said to be."""

import pytest

from synapse.planning.consistency import agreeing


def agreed(data_type="", format="", codes=()):
    values = [{"code": code, "meaning": f"meaning of {code}"} for code in codes]
    return agreeing(data_type=data_type, format=format, allowed_values=values)


def codes_of(details) -> list[str]:
    return [entry["code"] for entry in details.allowed_values]


@pytest.mark.parametrize(
    ("data_type", "format", "codes"),
    [
        ("string", "C18", ()),
        ("", "", ()),
        ("integer", "Numeric", ("1", "2")),
        ("decimal", "N12.2", ()),
        ("date", "Numeric, 8 digits, YYYYMMDD", ()),
        ("date", "N8", ()),
        ("date", "Character(10)", ()),
        ("boolean", "N1", ("0", "1")),
        ("boolean", "C1", ("Y", "N")),
        ("string", "C2", ("01", "02")),
        ("integer", "", ("-1", "+2")),
        ("decimal", "N4.1", ("0.5", "999.9")),
    ],
)
def test_what_agrees_is_kept_without_a_word(data_type, format, codes):
    details = agreed(data_type, format, codes)
    assert (details.data_type, codes_of(details)) == (data_type, list(codes))
    assert details.remarks == ()


@pytest.mark.parametrize(
    ("data_type", "format", "kept", "said"),
    [
        ("integer", "N12.2", "decimal", "“whole number”, as the format “N12.2” shows a decimal"),
        ("integer", "C18", "string", "shows a text"),
        ("decimal", "YYYYMMDD", "date", "shows a date"),
        ("decimal", "Numeric / Integer", "integer", "shows a whole number"),
        ("date", "N12", "integer", "shows a whole number"),
    ],
)
def test_the_format_outweighs_a_type_that_contradicts_it(data_type, format, kept, said):
    details = agreed(data_type, format)
    assert details.data_type == kept
    (remark,) = details.remarks
    assert remark.startswith("left out: type")
    assert said in remark


def test_only_decimal_numbers_have_decimals_and_never_more_than_digits():
    assert (agreed("decimal", "N6.3").length, agreed("decimal", "N6.3").scale) == (6, 3)
    details = agreed("decimal", "N2.5")
    assert (details.length, details.scale) == (None, None)
    assert details.remarks == ("left out: 5 decimals of 2 digits, as they can't be more than all",)
    assert agreed("string", "C18").scale is None


def test_a_length_out_of_all_proportion_is_left_out():
    details = agreed("string", "Character(20000)")
    assert details.length is None
    assert details.remarks == ("left out: length 20000, as no field is that long",)
    assert agreed("string", "C0").length is None


def test_a_code_stands_once_in_the_list():
    details = agreed("integer", "", ("1", "2", "1"))
    assert codes_of(details) == ["1", "2"]
    assert details.allowed_values[0]["meaning"] == "meaning of 1"
    assert details.remarks == ("left out: what repeats the code 1",)


def test_codes_that_can_t_be_values_of_the_type_are_left_out():
    details = agreed("integer", "", ("1", "2.5", "3A"))
    assert codes_of(details) == ["1"]
    assert details.remarks == ("left out: codes 2.5, 3A, being no whole number",)


def test_codes_longer_than_the_field_are_left_out():
    details = agreed("string", "C2", ("01", "123"))
    assert codes_of(details) == ["01"]
    assert details.remarks == ("left out: code 123, being longer than 2",)
    assert codes_of(agreed("decimal", "N3.1", ("-99.9", "1234"))) == ["-99.9"]


def test_words_for_no_number_are_kept_and_told():
    details = agreed("decimal", "Numeric", ("NA", "Exempt", "0.5"))
    assert codes_of(details) == ["NA", "Exempt", "0.5"]
    assert details.remarks == ("takes the words NA, Exempt beside a decimal number",)


def test_a_type_that_none_of_the_codes_fits_and_no_format_shows_is_left_out():
    details = agreed("integer", "", ("A", "B"))
    assert (details.data_type, codes_of(details)) == ("", ["A", "B"])
    assert details.remarks == ("left out: type “whole number”, as none of its codes is one",)


def test_many_codes_are_not_all_told():
    details = agreed("integer", "Integer", tuple(f"{number}x" for number in range(9)))
    assert codes_of(details) == []
    assert details.remarks == (
        "left out: codes 0x, 1x, 2x, 3x, 4x and 4 more, being no whole number",
    )
