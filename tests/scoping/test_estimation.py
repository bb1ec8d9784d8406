"""Estimates by rule: the same for the same input, for any report, with reasons."""

import csv
import random
import time
from pathlib import Path

import pytest

from synapse.scoping.estimation import estimate_all
from synapse.scoping.facts import AttributeFacts
from synapse.scoping.references import count_references

D1 = Path(__file__).resolve().parents[2] / "synapse/planning/builtin/fr_y14m_d1.csv"


def type_of(format_):
    if format_.startswith("Date"):
        return "date"
    if format_.startswith("C"):
        return "string"
    return "decimal" if "." in format_ else "integer"


@pytest.fixture(scope="module")
def schedule():
    with D1.open(encoding="utf-8", newline="") as stream:
        return [
            AttributeFacts(
                id=row["line"],
                name=row["name"],
                technical_name=row["technical_name"],
                line=row["line"],
                format=row["format"],
                data_type=type_of(row["format"]),
                requirement=row["requirement"].lower(),
                description=row["description"],
                allowed_values=tuple(filter(None, row["allowed_values"].split("; "))),
            )
            for row in csv.DictReader(stream)
        ]


def test_every_attribute_gets_four_components_and_a_reason(schedule):
    estimates = estimate_all(schedule)
    assert len(estimates) == 118
    assert all(each.rationale.startswith("Estimated by rule from: ") for each in estimates.values())
    totals = sorted(each.components.total for each in estimates.values())
    assert totals[-1] - totals[0] > 20, "estimates that all look alike rank nothing"


def test_the_same_whatever_the_order(schedule):
    shuffled = random.Random(7).sample(schedule, len(schedule))
    assert estimate_all(shuffled) == estimate_all(schedule)


def test_the_balance_that_others_refer_to_stands_above_a_plain_flag(schedule):
    estimates = estimate_all(schedule)
    assert estimates["15"].components.total > 2 * estimates["114"].components.total
    assert estimates["15"].components.downstream_dependencies >= 11
    assert "named by 5 other attributes" in estimates["15"].rationale


def test_money_told_of_a_flag_does_not_make_it_an_amount(schedule):
    assert "amount" not in estimate_all(schedule)["11"].rationale


def test_another_report_without_lines_or_requirement():
    loan = AttributeFacts(id="a", name="Loan Amount", data_type="decimal", description="Dollars.")
    rate = AttributeFacts(
        id="b",
        name="Interest Rate",
        data_type="decimal",
        description="Rate of the Loan Amount. Blank if exempt, otherwise as computed.",
    )
    estimates = estimate_all([loan, rate])
    assert "requirement not stated, amount, named by 1 other attribute" in estimates["a"].rationale
    assert "rate, 3 conditions" not in estimates["a"].rationale
    assert estimates["b"].components.common_errors > estimates["a"].components.common_errors


def test_nothing_known_still_estimates():
    estimate = estimate_all([AttributeFacts(id="x", name="X")])["x"]
    assert estimate.components.total >= 4


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("See line 18.", {"18"}),
        ("Lines 18, 19 and 20 add up.", {"18", "19", "20"}),
        ("As in item No. 19, less fields 20 or 21.", {"19", "20", "21"}),
        ("Matches CycleEndingBalance.", {"18"}),
        ("Same as the Penalty Share of it.", {"20"}),
        ("A state that is 18 years old.", set()),
    ],
)
def test_who_is_named_in_a_description(text, named):
    others = [
        AttributeFacts(id="18", name="Balance", technical_name="CycleEndingBalance", line="18"),
        AttributeFacts(id="19", name="State", technical_name="State", line="19"),
        AttributeFacts(id="20", name="Penalty Share", line="20"),
        AttributeFacts(id="21", name="Statement", technical_name="Statement", line="21"),
    ]
    asking = AttributeFacts(id="99", name="Asking", line="99", description=text)
    assert set(count_references([*others, asking])) == named


def test_an_attribute_does_not_name_itself():
    alone = AttributeFacts(id="1", name="Loan Amount", line="1", description="Loan Amount, line 1.")
    assert not count_references([alone])


def time_for(count: int) -> float:
    """Of the processor, whoever else uses it."""
    many = [
        AttributeFacts(
            id=str(n), name=f"Field Number {n}", line=str(n), description=f"Less line {n - 1}, " * 5
        )
        for n in range(count)
    ]
    started = time.process_time()
    estimate_all(many)
    return time.process_time() - started


def test_ten_times_as_many_attributes_take_not_much_more_than_ten_times_as_long():
    few = min(time_for(1_000) for _ in range(3))
    assert time_for(10_000) < 40 * few  # each against each: a hundred times


def test_the_fingerprint_follows_every_fact():
    facts = AttributeFacts(id="1", name="A", allowed_values=("1 = Yes",))
    assert AttributeFacts.from_dict(facts.as_dict()) == facts
    assert AttributeFacts.from_dict(facts.as_dict()).fingerprint == facts.fingerprint
    for change in ({"name": "B"}, {"is_cde": True}, {"allowed_values": []}):
        changed = AttributeFacts.from_dict({**facts.as_dict(), **change})
        assert changed.fingerprint != facts.fingerprint
