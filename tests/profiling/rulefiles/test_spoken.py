"""Rules told in plain words, and files whose headings or nesting are unusual."""

import json

import pytest

from tests.profiling.rulefiles.test_shapes import read


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Total must be greater than 0.", "Total is greater than 0."),
        ("Total must not be negative", "Total is at least 0."),
        ("Opened is mandatory", "Opened is not blank."),
        ("Opened must not be after Closed", "Opened is at most Closed."),
        ("Closed must be on or after Opened.", "Closed is at least Opened."),
        ("Part A must not exceed Total", "Part A is at most Total."),
        ("If Total is positive, Closed must be populated",
         "If Total is greater than 0, then Closed is not blank."),
        ("If Opened is blank then Closed must be blank.",
         "If Opened is blank, then Closed is blank."),
        ("If Opened is not populated, then Closed must not be populated.",
         "If Opened is blank, then Closed is blank."),
    ],
)  # fmt: skip
def test_a_sentence_that_is_understood_to_its_end_is_a_rule(text, meant):
    assert read(f'Validation ID,Rule in words\nV1,"{text}"\n') == [meant]


@pytest.mark.parametrize(
    "text", ["Total may be blank", "Total looks odd", "Total must be greater than usual"]
)
def test_a_sentence_with_more_in_it_is_refused(text):
    assert read(f"Validation ID,Rule in words\nV1,{text}\n")[0].startswith("refused: ")


def test_the_fields_own_cell_is_the_subject_of_a_sentence():
    assert read("Id,Field,Rule in words\n1,Total,must not be negative\n") == [
        "Total is at least 0."
    ]


def test_a_column_of_distinct_unknown_words_is_the_id():
    lines = "Check,Column,Description\nL1,Total,must be positive\nL2,Closed,is required\n"
    assert read(lines) == ["Total is greater than 0.", "Closed is not blank."]


def test_an_if_then_stands_in_the_condition_too():
    line = "R1,Closed,Conditional,If Status = 'C' then Closed is not blank,,High\n"
    assert read(f"Rule ID,Field,Check Type,Condition,Threshold,Severity\n{line}") == [
        'If Status is equal to "C", then Closed is not blank.'
    ]


def test_a_condition_without_a_check_is_refused_in_words():
    told = read(json.dumps([{"id": "R1", "field": "Closed", "when": {"Status": ["C"]}}]))
    assert told == ["refused: it has a condition and doesn't say what holds then: give its kind"]


@pytest.mark.parametrize(
    "rule",
    [
        {"id": "R1", "fields": ["Closed"], "when": {"field": "Status", "operator": "eq",
         "value": "C"}, "check": {"type": "required"}},
        {"edits": {"R1": {"field": "Closed", "type": "not null", "when": {"field": "Status",
         "operator": "eq", "value": "C"}}}},
    ],
)  # fmt: skip
def test_nested_checks_and_rules_under_their_ids(rule):
    told = read(json.dumps(rule if "edits" in rule else [rule]), "rules.json")
    assert told == ['If Status is equal to "C", then Closed is not blank.']


def test_algebraic_edits():
    heads = "Edit Number,Edit Type,Edit Test (Algebraic),Edit Test (Narrative)\n"
    assert read(f"{heads}1,Validity,Part A + Part B = Total,the parts\n") == [
        "The sum of Part A and Part B equals Total within 0.01."
    ]
