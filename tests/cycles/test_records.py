"""The made-up D.1 records: right by construction, correlated, wrong exactly where labelled."""

import csv
from collections import Counter, defaultdict
from statistics import correlation, mean

import pytest

from synapse.cycles.demonstration.records import (
    KINDS,
    make_records,
    plant,
    write_labels,
    write_records,
)
from tests.cycles.judging import judge

ONE_PERIOD = {f"R{number:02d}" for number in range(1, 48)} - {"R03", "R26"}


@pytest.fixture(scope="module")
def spoiled():
    records = make_records()
    return records, plant(records)


@pytest.mark.parametrize("seed", [1, 2, 20])
def test_no_record_breaks_a_rule_before_errors_are_planted(seed):
    records = make_records(seed=seed)
    assert len(records) == 3000
    assert judge(records) == set()


def test_records_have_the_118_fields_of_the_dictionary_in_their_order():
    from synapse.cycles.demonstration.records.making import field_names

    names = field_names()
    assert len(names) == len(set(names)) == 118
    assert all(list(record) == names for record in make_records(50))


def test_one_seed_makes_the_same_records_and_another_seed_others():
    assert make_records(200, seed=5) == make_records(200, seed=5)
    assert make_records(200, seed=5) != make_records(200, seed=6)


def test_values_hang_together_as_in_a_real_book():
    records = make_records()
    scored = [
        r for r in records if r["OriginalCreditScorePrimaryBorrower"] and r["CreditCardType"] == "1"
    ]
    score = [float(r["OriginalCreditScorePrimaryBorrower"]) for r in scored]
    assert correlation(score, [float(r["BorrowerIncome"]) for r in scored]) > 0.2
    assert correlation(score, [float(r["OriginalCreditLimit"]) for r in scored]) > 0.3
    assert correlation(score, [float(r["CycleEndingRetailAPR"]) for r in scored]) < -0.7
    assert correlation(score, [float(r["Basel2PD"]) for r in scored]) < -0.4
    late = [float(r["Basel2PD"]) for r in records if int(r["DaysPastDue"]) >= 30]
    assert mean(late) > 2 * mean(float(r["Basel2PD"]) for r in records)


def test_each_rule_of_one_period_and_eight_plausible_errors_have_a_kind():
    assert {kind.name[:3] for kind in KINDS if kind.reachable} == ONE_PERIOD
    assert sum(not kind.reachable for kind in KINDS) == 8


def test_each_reachable_error_breaks_its_own_rule(spoiled):
    records, labels = spoiled
    broken = defaultdict(set)
    for number, rule in judge(records):
        broken[number].add(rule[:3])
    for label in labels:
        if label.reachable:
            assert label.kind[:3] in broken[label.record_no], label
    counts = Counter(label.kind for label in labels)
    assert all(counts[kind.name] == 4 * kind.records for kind in KINDS)


def test_errors_that_no_rule_reaches_break_none_and_the_rest_stays_right(spoiled):
    records, labels = spoiled
    reached = {label.record_no for label in labels if label.reachable}
    assert {number for number, _rule in judge(records)} == reached


def test_planted_records_differ_from_the_right_ones_only_in_the_labelled_fields(spoiled):
    records, labels = spoiled
    right = make_records()
    marked = {label.record_no: label for label in labels}
    for number, (before, after) in enumerate(zip(right, records, strict=True), start=1):
        changed = {name for name in before if before[name] != after[name]}
        if number not in marked:
            assert changed == set()
            continue
        # Of a reference number used twice, one of the two records carries its own.
        assert changed <= set(marked[number].attributes)
        assert changed or marked[number].kind.startswith("R01")


def test_files_carry_records_and_labels(spoiled, tmp_path):
    records, labels = spoiled
    write_records(records, tmp_path / "records.csv")
    write_labels(labels, tmp_path / "labels.csv")
    with (tmp_path / "records.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == records
    with (tmp_path / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["record_no", "kind", "attributes", "reachable"]
    assert len(rows) == len(labels)
    assert {row["reachable"] for row in rows} == {"yes", "no"}
