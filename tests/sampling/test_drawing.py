"""Drawing: what it needs, what it keeps, and that it takes effect once."""

import pytest

from jobs.errors import AlreadyRunning
from jobs.models import Job
from jobs.testing import run_pending
from synapse.audit.models import Entry
from synapse.common.errors import Invalid, NotAllowed
from synapse.cycles.phases import PhaseKind
from synapse.cycles.services import approval
from synapse.sampling.errors import (
    DrawnAlready,
    GroundMoved,
    KeysUnmatched,
    NothingInPopulation,
    PopulationMissing,
    ProfileMissing,
    ScopeMissing,
)
from synapse.sampling.models import SampleSet
from synapse.sampling.options import DrawOptions
from synapse.sampling.services import drawing, storing
from synapse.sampling.services.decisions import decide
from synapse.sampling.services.drafting import start_sample_set
from synapse.sampling.tasks import latest_job, start_draw, start_first_draw
from synapse.scoping.services.decisions import decide_many
from synapse.scoping.states import Decision as ScopeDecision
from tests.factories.accounts import make_tester
from tests.factories.cycles import make_cycle_report, make_phase
from tests.factories.sampling import (
    COLUMNS,
    add_by_hand,
    draw_into,
    make_later_profile,
    make_population,
    make_sample_set,
    make_sampling_phase,
)
from tests.factories.scoping import make_scope

pytestmark = pytest.mark.django_db
in_jobs = pytest.mark.django_db(transaction=True)


def keys(sample_set):
    return list(sample_set.items().values_list("key", flat=True))


def options(**changes):
    return DrawOptions(**{"size": 10, "seed": 7, **changes})


@in_jobs
def test_the_job_draws_what_was_asked(phase, tester):
    sample_set, job = start_first_draw(phase=phase, actor=tester, wished=options())
    assert sample_set.drawn_at is None and sample_set.samples.count() == 0
    run_pending()
    job.refresh_from_db()
    assert (job.task, job.status) == ("sampling.draw", "succeeded")
    assert (job.done, job.total, job.failed) == (3, 3, 0)
    sample_set.refresh_from_db()
    assert sample_set.samples.count() == 10 == job.result["samples"]
    assert (sample_set.seed, sample_set.population_count) == (7, 200)
    assert sample_set.population_hash == sample_set.population.content_sha256
    assert len(sample_set.query_hash) == 64
    assert sample_set.profile is not None
    assert Entry.objects.filter(action="sampleset.draw").count() == 1
    assert latest_job(sample_set) == job


def test_samples_keep_key_values_rows_reasons_and_hash(sample_set):
    anomaly = sample_set.samples.filter(category="anomaly").first()
    assert list(anomaly.key_values) == ["AccountNumber"]
    assert anomaly.key == anomaly.key_values["AccountNumber"] == f"A{anomaly.record_no:05}"
    assert set(anomaly.row) == set(COLUMNS)
    assert anomaly.reasons and anomaly.rationale and anomaly.risk_score > 0
    assert {"attribute", "kind", "strength", "text"} <= set(anomaly.reasons[0])
    assert len(anomaly.row_hash) == 64


def test_the_mix_is_asked_for_and_told(sample_set):
    rows = {row["category"]: row for row in sample_set.report["categories"]}
    assert {name: row["asked"] for name, row in rows.items()} == {
        "anomaly": 5,
        "boundary": 2,
        "clean": 3,
    }
    got = {name: sample_set.samples.filter(category=name).count() for name in rows}
    assert got == {name: row["got"] for name, row in rows.items()}


def test_only_what_chance_chose_counts_as_random(sample_set):
    random = sample_set.samples.filter(selection="random")
    assert random.exists()
    assert set(random.values_list("category", flat=True)) == {"clean"}
    assert "clean records" in sample_set.report["proofs"][0]
    assert "say nothing" in sample_set.report["proofs"][1]


def test_the_same_seed_draws_the_same_and_another_does_not(phase, sample_set):
    first = list(sample_set.items().values_list("record_no", "rationale"))
    again = draw_into(sample_set, size=10, seed=7)
    assert list(again.items().values_list("record_no", "rationale")) == first
    other = draw_into(sample_set, size=10, seed=8)
    assert list(other.items().values_list("record_no", "rationale")) != first


def test_a_population_in_parts_gives_the_same_samples(sample_set):
    parted = make_sample_set(phase=make_sampling_phase(parts=3))
    assert keys(parted) == keys(sample_set)


def test_a_random_draw_needs_no_profile_and_projects(tester, cycle_report):
    phase = make_sampling_phase(cycle_report=cycle_report, profiled=False)
    drawn = make_sample_set(phase=phase, method="simple_random", size=25)
    assert drawn.profile is None
    assert drawn.samples.filter(selection="random").count() == 25
    assert drawn.report["proofs"][0].startswith(
        "25 records without a deviation prove, at 95 % confidence, that at most 11.3 % deviate."
    )
    with pytest.raises(ProfileMissing):
        start_draw(sample_set=drawn, actor=tester, wished=options(), replace=True)


def test_what_a_draw_stands_on_is_named_when_it_is_missing(tester, owner):
    bare = make_phase(
        PhaseKind.SAMPLING, cycle_report=make_cycle_report(tester=tester, owner=owner)
    )
    with pytest.raises(ScopeMissing):
        start_sample_set(phase=bare, actor=tester)


def test_without_an_imported_population_nothing_is_drawn(tester, owner):
    scope = make_scope(cycle_report=make_cycle_report(tester=tester, owner=owner))
    ids = [item.pk for item in scope.items()]
    decide_many(scope=scope, actor=tester, item_ids=ids, decision=ScopeDecision.INCLUDE)
    approval.submit(version=scope, actor=tester)
    approval.approve(version=scope, actor=owner)
    phase = make_phase(PhaseKind.SAMPLING, cycle_report=scope.cycle_report)
    with pytest.raises(PopulationMissing):
        start_sample_set(phase=phase, actor=tester)


@pytest.mark.parametrize(
    ("columns", "refusal"),
    [
        (("Balance", "Rate"), KeysUnmatched),
        (("AccountNumber", "Something"), NothingInPopulation),
    ],
)
def test_a_population_without_key_or_scoped_columns_is_refused(phase, tester, columns, refusal):
    make_population(phase.cycle_report, columns=columns, records=[("A1", "2")], name="b.csv")
    with pytest.raises(refusal):
        start_sample_set(phase=phase, actor=tester)


def test_scoped_attributes_without_a_column_are_told(phase, tester):
    make_population(phase.cycle_report, columns=COLUMNS[:3], name="narrow.csv")
    drawn = make_sample_set(phase=phase, method="simple_random")
    assert any("Opened On" in sentence for sentence in drawn.report["shortfalls"])


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"mix_clean": 40}, "/mix_clean"),
        ({"size": 0}, "/size"),
        ({"size": 201}, "/size"),
        ({"size": 10_001}, "/size"),
        ({"seed": -1}, "/seed"),
        ({"per_attribute": 0}, "/per_attribute"),
        ({"confidence": 50}, "/confidence"),
        ({"method": "guess"}, "/method"),
        ({"include_keys": ["A00001"], "exclude_keys": ["A00001"]}, "/exclude_keys"),
        ({"method": "simple_random", "include_keys": ["A00001"]}, "/include_keys"),
    ],
)
def test_options_that_cant_be_are_told_by_name(sample_set, tester, changes, pointer):
    with pytest.raises(Invalid) as refusal:
        start_draw(sample_set=sample_set, actor=tester, wished=options(**changes), replace=True)
    assert pointer in [fault["pointer"] for fault in refusal.value.errors]


def test_a_new_draw_into_a_drawn_draft_wants_a_yes(sample_set, tester):
    with pytest.raises(DrawnAlready, match="10 drawn samples"):
        start_draw(sample_set=sample_set, actor=tester, wished=options())
    assert start_draw(sample_set=sample_set, actor=tester, wished=options(), replace=True)


def test_a_second_draw_waits_for_the_first(sample_set, tester):
    start_draw(sample_set=sample_set, actor=tester, wished=options(), replace=True)
    with pytest.raises(AlreadyRunning):
        start_draw(sample_set=sample_set, actor=tester, wished=options(), replace=True)
    assert Job.objects.count() == 1


def test_nobody_but_the_tester_draws(phase, sample_set):
    for person in (make_tester("other"), phase.cycle_report.report.owner):
        with pytest.raises(NotAllowed):
            start_draw(sample_set=sample_set, actor=person, wished=options(), replace=True)


def test_decisions_on_records_drawn_again_stay_and_others_are_told(sample_set, tester):
    first, last = sample_set.items()[0], sample_set.items()[9]
    for sample, reason in ((first, "One."), (last, "Two.")):
        decide(
            sample=sample,
            actor=tester,
            decision="rejected",
            reason=reason,
            lock_version=sample.lock_version,
        )
    drawn = draw_into(sample_set, size=9, seed=7, exclude_keys=[last.key])
    kept = drawn.samples.get(key=first.key)
    assert (kept.decision, kept.reason) == ("rejected", "One.")
    assert [row["key"] for row in drawn.report["dropped"]] == [last.key]
    assert "1 decisions of the draw before were kept." in drawn.report["notes"]


def test_records_added_by_hand_outlive_a_new_draw(sample_set):
    added = add_by_hand(sample_set, record_no=_undrawn(sample_set))
    drawn = draw_into(sample_set, size=10, seed=9)
    assert drawn.samples.get(pk=added.pk).is_manual
    assert drawn.samples.exclude(pk=added.pk).count() in (9, 10)


def test_keys_asked_for_are_in_and_keys_left_out_are_not(phase, sample_set):
    wanted, unwanted = "A00003", keys(sample_set)[0]
    drawn = draw_into(sample_set, size=10, seed=7, include_keys=[wanted], exclude_keys=[unwanted])
    assert wanted in keys(drawn) and unwanted not in keys(drawn)
    assert drawn.samples.get(key=wanted).selection == "targeted"


@in_jobs
def test_a_set_that_was_submitted_meanwhile_is_not_drawn_into(sample_set, tester):
    job = start_draw(sample_set=sample_set, actor=tester, wished=options(seed=99), replace=True)
    for sample in sample_set.items():
        decide(sample=sample, actor=tester, decision="approved", lock_version=1)
    before = keys(sample_set)
    approval.submit(version=sample_set, actor=tester)
    run_pending()
    job.refresh_from_db()
    assert (job.status, job.error_code) == ("failed", "not_draft")
    fresh = SampleSet.objects.get(pk=sample_set.pk)
    assert keys(fresh) == before and fresh.seed == 7


def test_a_population_imported_meanwhile_stops_the_draw(sample_set, tester):
    work = drawing.Draw(sample_set.pk, 1, options())
    for step in work.steps():
        drawn = work.work(step.payload)
    before = keys(sample_set)
    make_population(sample_set.cycle_report, name="newer.csv")
    with pytest.raises(GroundMoved, match="The population changed"):
        storing.store(work, drawn, actor=tester)
    assert keys(sample_set) == before


@pytest.mark.parametrize("what", ["population", "profile"])
def test_a_draw_taken_up_again_on_other_ground_stops(sample_set, what):
    """Candidates of one file or profile are never chosen among by the figures of another."""
    [survey, *_, choice] = drawing.Draw(sample_set.pk, 1, options()).steps()
    population = sample_set.population
    if what == "population":
        population = make_population(sample_set.cycle_report, name="newer.csv")
    make_later_profile(population, sample_set.profile.rule_set)
    resumed = drawing.Draw(sample_set.pk, 1, options())
    for step in (survey, choice):
        with pytest.raises(GroundMoved, match=f"The {what} changed"):
            resumed.work(step.payload)


def _undrawn(sample_set) -> int:
    drawn = set(sample_set.samples.values_list("record_no", flat=True))
    return next(number for number in range(1, 200) if number not in drawn)
