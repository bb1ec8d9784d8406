"""What the model drafts is held against the text: nothing invented is taken, all is told."""

import pytest

from synapse.planning import drafts
from synapse.planning.quotes import locate, locate_name, occurs
from synapse.planning.schemas import DraftedAttribute
from synapse.planning.specification import cut, halves, heading_above, whole

TEXT = """# Loans
## 1. Loan Type
- Data type: Numeric / Integer
- Valid values: 1 = Fixed; 2 = Variable
## 2. Rate
- Format: N6.3
"""


def drafted(**fields) -> DraftedAttribute:
    values = {
        "name": "Loan Type",
        "line": "1",
        "technical_name": "",
        "item_code": "",
        "format": "Numeric / Integer",
        "data_type": "integer",
        "requirement": "",
        "description": "",
        "allowed_values": [],
        "quote": "1. Loan Type - Data type: Numeric / Integer",
    }
    return DraftedAttribute(**values | fields)


def check(*attributes):
    (part,) = cut(TEXT)
    return drafts.check(part, list(attributes))


def test_a_quote_may_differ_in_white_space_only():
    assert occurs(TEXT, "1. Loan Type   -   Data type:\tNumeric / Integer")
    assert locate(TEXT, "1. loan type") is None
    assert not occurs(TEXT, "1. Loan Type … Numeric / Integer")
    assert not occurs(TEXT, "")


def test_what_the_text_bears_out_is_taken_with_its_place():
    checked = check(drafted(), drafted(name="Rate", line="2", quote="2. Rate", data_type=""))
    assert not checked.refused
    loan, rate = checked.drafts
    assert (loan.place, loan.line_number) == ("1. Loan Type, line 2", 2)
    assert TEXT.count(loan.quote) == 1
    assert (rate.values["name"], rate.place) == ("Rate", "2. Rate, line 5")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": "Borrower Income"}, "the text doesn't have this name"),
        ({"name": "Loan"}, ""),
        ({"name": " "}, "it has no name"),
    ],
)
def test_invented_names_are_refused_with_the_reason(fields, reason):
    checked = check(drafted(**fields))
    assert [entry.reason for entry in checked.refused] == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("quote", "fault"),
    [
        ("Loan Type: the kind of loan", "the quote doesn't occur in the text"),
        ("", "the model gave no quote"),
        (" 1. ", "the model gave no quote"),
    ],
)
def test_a_quote_that_isn_t_there_marks_its_attribute_unsupported(quote, fault):
    checked = check(drafted(quote=quote))
    assert not checked.refused
    (draft,) = checked.drafts
    assert (draft.fault, draft.quote, draft.start) == (fault, quote.strip(), None)
    # Where its name stands, for whoever looks for a better quote.
    assert (draft.place, draft.line_number) == ("1. Loan Type, line 2", 2)


def test_the_place_of_a_quote_is_its_character_in_the_whole_document():
    text = TEXT * 40
    for part in cut(text, 300):
        for piece in halves(part):
            assert text[piece.start :].startswith(piece.text)
            assert piece.first_line == 1 + text.count("\n", 0, piece.start)
            for draft in drafts.check(piece, [drafted(), drafted(name="Rate", quote="")]).drafts:
                assert draft.fault or text[draft.start :].startswith(draft.quote)


def test_a_text_with_page_breaks_tells_the_page():
    text = "Preface\n\f# Loans\n" + TEXT + "\f" + TEXT.replace("Loan Type", "Deposit Type")
    quote = "1. Deposit Type - Data type: Numeric / Integer"
    checked = [
        draft
        for part in cut(text, 90)
        for draft in drafts.check(
            part, [drafted(), drafted(name="Deposit Type", quote=quote)]
        ).drafts
    ]
    loan, deposit = checked
    assert (loan.page, deposit.page) == (2, 3)
    assert deposit.place == "1. Deposit Type, page 3, line 10"
    (draft,) = check(drafted()).drafts
    assert draft.page is None


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("a\nb", [None, None]),
        ("a\n\fb", [1, 2]),
        ("[page 126]\na\n[Page 127]\nb", [126, 127]),
        ("\n===== PDF page 1 =====\na\n===== PDF page 2 =====\nb", [1, 2]),
        ("-- page 7 --\na\nsee page 9 [page 8] too\nb", [7, 7]),
    ],
)
def test_pages_are_told_by_the_marks_of_the_text(text, pages):
    part = whole(text)
    assert [part.page_at(text.rindex(letter)) for letter in ("a\n", "b")] == pages


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("The LOAN-TYPE is", "Loan Type", "LOAN-TYPE"),
        ("Loan\n  type.", "loan type", "Loan\n  type"),
        ("Subloan type", "Loan Type", None),
        ("anything", " ", None),
    ],
)
def test_a_name_is_found_in_any_case_and_with_any_signs(text, name, found):
    span = locate_name(text, name)
    assert (text[slice(*span)] if span else None) == found


def test_a_name_drafted_twice_is_taken_once():
    checked = check(drafted(), drafted(name="loan  type"))
    assert (len(checked.drafts), checked.refused[0].reason) == (1, "it was drafted twice")


def test_invented_codes_and_numbers_are_left_out_and_told():
    codes = [{"code": "1", "meaning": "Fixed"}, {"code": "9", "meaning": "Unknown"}]
    (draft,) = check(drafted(item_code="M999", line="77", allowed_values=codes)).drafts
    assert (draft.values["item_code"], draft.values["line"]) == ("", "")
    assert [entry["code"] for entry in draft.values["allowed_values"]] == ["1"]
    assert "M999" not in draft.remark
    assert "item code" in draft.remark
    assert "code 9" in draft.remark


def test_details_that_are_too_long_are_left_out_whole():
    (draft,) = check(drafted(format="N9 " * 200, line="1")).drafts
    assert draft.values["format"] == ""
    assert "left out: format, being longer than 500 characters" in draft.remark
    assert draft.values["line"] == "1"


def test_parts_keep_sections_whole_and_cover_the_text():
    text = "\n".join(f"## {number}. Field {number}\n- Format: N9\n" for number in range(200))
    parts = cut(text, 500)
    assert "\n".join(part.text for part in parts) == text
    assert all(part.text.startswith("## ") for part in parts)
    assert [part.first_line for part in parts] == sorted({part.first_line for part in parts})


def test_halves_are_cut_where_a_section_begins():
    (part,) = cut(TEXT * 3)
    first, second = halves(part)
    assert first.text + "\n" + second.text == part.text
    assert second.text.startswith("#")
    assert second.first_line == part.first_line + first.text.count("\n") + 1


def test_a_text_without_headings_is_cut_between_paragraphs():
    text = "\n\n".join(f"Field {number}: what it is, at length." * 5 for number in range(60))
    parts = cut(text, 800)
    assert len(parts) > 5
    assert all(part.label.startswith("lines ") for part in parts)
    assert heading_above(parts[0], 10) == ""
