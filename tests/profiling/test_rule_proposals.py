"""Proposed rules: from the dictionary, tried on the records, switched on where they hold."""

import re
from dataclasses import dataclass, field

import pytest

from jobs import AlreadyRunning
from jobs.states import Status
from jobs.testing import run_pending
from synapse.common.errors import NotAllowed
from synapse.profiling import builtin_rules, storage
from synapse.profiling.proposing.candidates import candidates
from synapse.profiling.proposing.codes import codes_of
from synapse.profiling.proposing.evidence import Count, judge, percent
from synapse.profiling.proposing.formats import number_pattern
from synapse.profiling.services import rule_proposals
from synapse.profiling.services.rule_editing import edit_rule
from synapse.profiling.services.rule_sets import start_rule_set
from synapse.profiling.tasks.proposing import latest_job, start_proposal
from tests.factories.profiling import make_population, make_profiling_phase, make_rule_set


@dataclass
class Field:
    """An attribute as a plan has it."""

    name: str = "Amount"
    pk: int = 1
    data_type: str = "string"
    format: str = ""
    description: str = ""
    length: int | None = None
    scale: int | None = None
    requirement: str = ""
    allowed_values: list = field(default_factory=list)
    is_key: bool = False
    key_order: int | None = None
    is_cde: bool = False


def codes(*texts):
    return [{"code": text, "meaning": ""} for text in texts]


def proposed(*fields):
    found = candidates(fields, {each.pk: each.name for each in fields})
    return {(one.rule.kind, one.rule.attributes[0]): one for one in found}


@pytest.mark.parametrize(
    ("data_type", "listed", "closed"),
    [
        ("integer", ("1", "2", "3"), True),
        ("string", ("Y", "N", "U"), True),
        ("integer", ("7777", "8888", "1111"), False),
        ("integer", ("NA", "Exempt"), False),
        ("string", ("NA", "Exempt"), False),
        ("string", ("NA",), False),
        ("decimal", ("0", "2"), False),
        ("date", ("19000101",), False),
        ("integer", ("1", "2", "1111"), True),
    ],
)
def test_codes_that_stand_for_no_value_are_no_closed_list(data_type, listed, closed):
    found = codes_of(Field(data_type=data_type, allowed_values=codes(*listed)))
    assert bool(found.closed) is closed
    assert {*found.closed, *found.beside} == {*listed}


def test_a_blank_among_the_codes_is_none():
    found = codes_of(Field(data_type="integer", allowed_values=codes("1", "2", "Blank", "")))
    assert found.closed == ("1", "2")


@pytest.mark.parametrize(
    ("data_type", "length", "scale", "good", "bad"),
    [
        ("decimal", 12, 2, ("0", "-1.5", "1234567890.12", ".5"), ("12345678901", "1.234", "1e5")),
        ("decimal", 6, 5, ("0.1", "1.00000"), ("12.0", "0.123456")),
        ("integer", 3, None, ("0", "999"), ("1000", "1.0", "1,000")),
        ("integer", None, None, ("123456789", "+5"), ("5.", "x")),
        ("decimal", None, None, ("0.0375", "110500"), ("1,000", "NA")),
    ],
)
def test_number_formats_allow_fewer_digits_and_no_more(data_type, length, scale, good, bad):
    pattern, _ = number_pattern(Field(data_type=data_type, length=length, scale=scale))
    assert all(re.fullmatch(pattern, text) for text in good)
    assert not any(re.fullmatch(pattern, text) for text in bad)


def test_a_dictionary_gives_rules_of_many_kinds():
    found = proposed(
        Field("Loan", 1, "string", "C18", length=18, is_key=True, key_order=1),
        Field("Period", 2, "date", "Date YYYYMMDD", "The last day of the month.",
              is_key=True, key_order=2),
        Field("Type", 3, "integer", "N1", requirement="mandatory",
              allowed_values=codes("1", "2")),
        Field("Rate", 4, "decimal", "N6.3", "The rate, which must not be negative.", 6, 3),
        Field("Score", 5, "integer", "", "A score between 300 and 850.",
              allowed_values=codes("8888", "9999")),
        Field("LEI", 6, "string", "Width is 20 characters, only letters and numbers", length=20),
    )  # fmt: skip
    assert found["not_blank", "Loan"].rule.severity == "critical"
    assert found["unique", "Loan"].rule.attributes == ("Loan", "Period")
    assert found["date_format", "Period"].rule.parameters == {
        "format": "YYYYMMDD",
        "end_of_month": True,
    }
    assert found["in_set", "Type"].rule.parameters == {"values": ["1", "2"]}
    assert found["range", "Rate"].rule.parameters == {"min": "0"}
    assert found["range", "Score"].rule.parameters == {
        "min": "300",
        "max": "850",
        "codes": ["8888", "9999"],
    }
    assert found["length", "LEI"].rule.parameters == {"min": 20, "max": 20}
    assert ("in_set", "Score") not in found
    assert ("not_blank", "Rate") not in found


def test_not_blank_starts_on_only_where_hardly_any_record_is_blank():
    one = proposed(Field("A", requirement="mandatory"))["not_blank", "A"]
    assert judge(one, Count(1000, 10)).enabled
    off = judge(one, Count(1000, 370))
    assert (off.enabled, off.needs_condition) == (False, True)
    assert off.remark == "needs a condition: 37 % of records are blank"


def test_where_the_dictionary_allows_a_blank_a_condition_is_needed():
    said = Field("A", requirement="mandatory", description="If unknown, leave blank.")
    off = judge(proposed(said)["not_blank", "A"], Count(1000, 0))
    assert off.needs_condition
    assert "leave blank" in off.remark


def test_a_list_that_many_values_miss_starts_switched_off():
    one = proposed(Field("A", data_type="integer", allowed_values=codes("1", "2")))["in_set", "A"]
    assert judge(one, Count(1000, 100)).enabled
    off = judge(one, Count(1000, 101))
    assert not off.enabled
    assert "may not be closed" in off.remark


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 5, "0 %"), (1, 1000, "under 1 %"), (999, 1000, "over 99 %"), (5, 5, "100 %"),
     (37, 100, "37 %"), (0, 0, "0 %"), (5, 299, "1.6 %"), (1001, 10_000, "10.0 %")],
)  # fmt: skip
def test_a_share_is_never_rounded_to_none_or_all(part, whole, text):
    assert percent(part, whole) == text


@pytest.mark.django_db(transaction=True)
def test_a_job_proposes_tries_and_stores():
    phase = make_profiling_phase()
    population = make_population(phase=phase)
    tester = phase.cycle_report.tester
    rule_set = start_rule_set(phase=phase, actor=tester)
    job = start_proposal(rule_set=rule_set, actor=tester)
    with pytest.raises(AlreadyRunning):
        start_proposal(rule_set=rule_set, actor=tester)
    run_pending()
    job.refresh_from_db()
    assert job.status == Status.SUCCEEDED
    assert job.message == "6 rules, 3 switched on; 2 need a condition."
    assert latest_job(rule_set) == job
    rules = {rule.rule_id: rule for rule in rule_set.rules.all()}
    assert rules["key-unique"].evidence == {
        "checked": 5, "failed": 0, "not_applicable": 0, "error": 0,
    }  # fmt: skip
    blank = rules["CycleEndingBalance-not-blank"]
    assert (blank.enabled, blank.needs_condition) == (False, True)
    assert blank.remark == "needs a condition: 20 % of records are blank"
    assert rules["ReferenceNumber-not-blank"].enabled
    assert rule_set.population == population
    assert not storage.default_storage.exists(f"rule-sets/{phase.cycle_report.pk}/{rule_set.pk}")


@pytest.mark.django_db(transaction=True)
def test_proposing_again_renews_what_nobody_touched_and_doubles_nothing():
    phase = make_profiling_phase()
    make_population(phase=phase)
    tester = phase.cycle_report.tester
    rule_set = make_rule_set(phase=phase)
    start_proposal(rule_set=rule_set, actor=tester)
    run_pending()
    count = rule_set.rules.count()
    touched = rule_set.rules.get(rule_id="CycleEndingBalance-not-blank")
    edit_rule(rule=touched, actor=tester, lock_version=1, enabled=True)
    start_proposal(rule_set=rule_set, actor=tester)
    run_pending()
    assert rule_set.rules.count() == count
    touched.refresh_from_db()
    assert touched.enabled
    # A rule of the same sense, written by hand, is not proposed beside it.
    assert not rule_set.rules.filter(rule_id="ReferenceNumber-not-blank").exists()


@pytest.mark.django_db(transaction=True)
def test_without_a_population_rules_are_proposed_untried():
    rule_set = start_rule_set(
        phase=(phase := make_profiling_phase()), actor=phase.cycle_report.tester
    )
    start_proposal(rule_set=rule_set, actor=phase.cycle_report.tester)
    run_pending()
    rule = rule_set.rules.get(rule_id="CycleEndingBalance-not-blank")
    assert (rule.enabled, rule.evidence) == (False, {})
    assert rule.remark.startswith("not tried")


@pytest.mark.django_db
def test_only_the_tester_has_rules_proposed():
    rule_set = make_rule_set()
    with pytest.raises(NotAllowed):
        start_proposal(rule_set=rule_set, actor=rule_set.cycle_report.report.owner)


@pytest.mark.django_db
def test_counts_of_parts_add_up_and_a_repeated_step_counts_once():
    phase = make_profiling_phase()
    make_population(phase=phase)
    rule_set = start_rule_set(phase=phase, actor=phase.cycle_report.tester)
    steps = rule_proposals.plan(rule_set.pk, None)
    assert [step.key for step in steps] == ["part-00001", "whole", "store"]
    read = rule_proposals.ground(rule_set.pk, None)
    for step in (steps[0], steps[0], steps[1]):
        rule_proposals.work(read, step.payload)
    counts = rule_proposals.gather(read)
    assert counts["ReferenceNumber-not-blank"].checked == 5
    assert counts["key-unique"].checked == 5


def test_the_shipped_rules_are_sound_and_name_their_left_out_ones():
    [builtin] = builtin_rules.builtin_rules()
    ids = [data["rule_id"] for data in builtin.rules]
    assert len(ids) == len({*ids})
    heads = {rule_id[:3] for rule_id in ids}
    left_out = {entry["rule_id"] for entry in builtin.left_out}
    assert heads | left_out == {f"R{number:02}" for number in range(1, 51)}
    assert left_out == {"R03", "R26", "R48", "R49", "R50"}
    assert {data["source"] for data in builtin.rules} == {"instructions", "inferred"}
