"""Rule files of many shapes: what they say is taken as it is meant, or refused with the reason."""

import json
from dataclasses import dataclass, field

import pytest

from synapse.profiling.columns import Names
from synapse.profiling.population.schema import Column
from synapse.profiling.rulebook import sentence
from synapse.profiling.rulefiles.entries import Entries
from synapse.profiling.rulefiles.parameters import Unread
from synapse.profiling.rulefiles.rows import read_rows


@dataclass
class Field:
    pk: int
    name: str
    data_type: str = "string"
    technical_name: str = ""
    item_code: str = ""
    line: str = ""
    allowed_values: list = field(default_factory=list)


FIELDS = [
    Field(1, "Loan Id"),
    Field(2, "Status"),
    Field(3, "Total", "decimal"),
    Field(4, "Part A", "decimal"),
    Field(5, "Part B", "decimal"),
    Field(6, "Opened", "date"),
    Field(7, "Closed", "date"),
]
COLUMNS = tuple(
    Column(
        position=each.pk,
        heading=each.name,
        name=each.name,
        attribute_id=each.pk,
        data_type=each.data_type,
        number=f"{each.name}#number" if each.data_type == "decimal" else "",
        date=f"{each.name}#date" if each.data_type == "date" else "",
        codes=(),
    )
    for each in FIELDS
)


def read(content: str, file: str = "rules.csv") -> list[str]:
    """The sentence of each rule, or the reason of each row that isn't taken."""
    entries, told = Entries(Names(FIELDS), COLUMNS), []
    for row in read_rows(content.encode(), file, limit=1 << 20):
        try:
            told += [sentence(rule) for rule in entries.read(row)]
        except Unread as reason:
            told.append(f"refused: {reason}")
    return told


@pytest.mark.parametrize(
    ("rule", "meant"),
    [
        ({"kind": "range", "field": "Total", "minimum": 0}, "Total is at least 0."),
        ({"check": "min", "column": "Total", "value": 0}, "Total is at least 0."),
        ({"type": "max value", "field": "Total", "value": "1,000"}, "Total is at most 1000."),
        ({"type": "non-negative", "field": "Total"}, "Total is at least 0."),
        ({"type": "enum", "field": "Status", "parameters": {"allowed": ["A", "B"]}},
         "Status is one of A, B."),
        ({"type": "regex", "field": "Loan Id", "params": {"regex": "L[0-9]+"}},
         "Loan Id matches the pattern L[0-9]+."),
        ({"type": "length", "field": "Loan Id", "params": {"length": 5}},
         "Loan Id has exactly 5 characters."),
        ({"type": "max_length", "field": "Loan Id", "value": "7"},
         "Loan Id has at most 7 characters."),
        ({"type": "date format", "field": "Opened", "format": "%Y-%m-%d"},
         "Opened is a real date written YYYY-MM-DD."),
        ({"type": "compare", "left": "Opened", "operator": "<=", "right": "Closed"},
         "Opened is at most Closed."),
        ({"type": "compare", "fields": ["Opened", "Closed"], "operator": "not after"},
         "Opened is at most Closed."),
        ({"type": "compare", "field": "Opened", "params": {"op": "le", "other_field": "Closed"}},
         "Opened is at most Closed."),
        ({"type": "sum", "total": "Total", "fields": ["Part A", "Part B"], "tolerance": 0.01},
         "The sum of Part A and Part B equals Total within 0.01."),
        ({"type": "unique", "params": {"columns": ["Loan Id", "Opened"]}},
         "Loan Id and Opened are unique together."),
        ({"type": "required if", "field": "Closed", "condition": "Status = 'C'"},
         "If Status is equal to \"C\", then Closed is not blank."),
        ({"if": {"field": "Status", "operator": "=", "value": "C"},
          "then": {"field": "Closed", "operator": "not_null"}},
         "If Status is equal to \"C\", then Closed is not blank."),
        ({"type": "conditional", "parameters": {"if": {"Status": ["C", "D"]}, "then": "Closed"}},
         "If Status is one of C, D, then Closed is not blank."),
        ({"type": "range", "field": "Total", "min": 1, "when": {"field": "Status", "in": ["A"]}},
         "If Status is A, then Total is at least 1."),
        ({"expectation_type": "expect_column_values_to_be_between",
          "kwargs": {"column": "Total", "min_value": 0, "max_value": 9}},
         "Total is between 0 and 9."),
    ],
)  # fmt: skip
def test_json_of_other_makers(rule, meant):
    assert read(json.dumps([rule]), "rules.json") == [meant]


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("R1;Total;range;0-100;;", "Total is between 0 and 100."),
        ("R1;Total;range;min=0,max=100;;", "Total is between 0 and 100."),
        ("R1;Opened|Closed;compare;<=;;", "Opened is at most Closed."),
        ("R1;Opened;compare;<= Closed;;", "Opened is at most Closed."),
        ("R1;Total;compare;op: >=, right: Part A;;", "Total is at least Part A."),
        ("R1;Status;in set;A|B|C;;", "Status is one of A, B, C."),
        ("R1;Closed;conditional;;Status = 'C';",
         "If Status is equal to \"C\", then Closed is not blank."),
        ("R1;Closed;not null;;Status IN ('C', 'D');",
         "If Status is one of C, D, then Closed is not blank."),
        ("R1;;;;Total >= Part A;", "Total is at least Part A."),
        ("R1;Total;range;;Total >= 5;", "Total is at least 5."),
        ("R1;Loan Id;regex;[A-Z]+;;", "Loan Id matches the pattern [A-Z]+."),
        ("R1;Total|Part A|Part B;sum;;;0.5",
         "The sum of Part A and Part B equals Total within 0.5."),
    ],
)  # fmt: skip
def test_csv_of_other_makers(line, meant):
    headings = "Rule No;Field;Rule Type;Parameters;Condition;Tolerance"
    assert read(f"{headings}\n{line}\n") == [meant]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("R1;Total;range;5;;", "may be the least or the most"),
        ("R1;Colour;not null;;;", "No attribute of the plan is named “Colour”"),
        ("R1;Loan Id;unique;;Status = 'C';", "can't depend on a condition"),
        ("R1;Total;in set;;;", "needs parameters"),
        ("R1;Closed;conditional;;;", "needs parameters"),
        ("R1;Closed;not null;;Status is lovely;", "can't be read"),
        ("R1;Loan Id;regex;[A-Z;;", "regular expression"),
    ],
)
def test_what_is_not_understood_is_refused_with_the_reason(line, words):
    (told,) = read(f"Rule No;Field;Rule Type;Parameters;Condition;Tolerance\n{line}\n")
    assert told.startswith("refused: ")
    assert words in told


def test_rules_may_stand_under_their_ids():
    rules = {"V1": {"field": "Total", "type": "required"}, "V2": {"field": "X", "type": "unique"}}
    first, second = read(json.dumps(rules), "rules.json")
    assert first == "Total is not blank."
    assert "No attribute of the plan is named “X”" in second
