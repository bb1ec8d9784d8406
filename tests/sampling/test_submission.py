"""When samples may be submitted, what an approval seals, and what a revision starts with."""

import pytest

from synapse.common.versions import is_intact
from synapse.cycles.errors import OwnApproval
from synapse.cycles.models import Assignment
from synapse.cycles.services import approval
from synapse.cycles.services.phases import complete_phase
from synapse.sampling.errors import NothingApproved, NothingDrawn, PopulationReplaced, Undecided
from synapse.sampling.selectors import compare
from synapse.sampling.services.decisions import decide_many
from synapse.sampling.services.drafting import start_sample_set
from synapse.sampling.states import BulkDecision, Source
from tests.factories.sampling import draw_into, make_population

pytestmark = pytest.mark.django_db


def decide_all(sample_set, actor, decision=BulkDecision.APPROVE, reason=""):
    return decide_many(
        sample_set=sample_set,
        actor=actor,
        sample_ids=list(sample_set.samples.values_list("pk", flat=True)),
        decision=decision,
        reason=reason,
    )


def approved(sample_set):
    cycle_report = sample_set.cycle_report
    decide_all(sample_set, cycle_report.tester)
    approval.submit(version=sample_set, actor=cycle_report.tester)
    return approval.approve(version=sample_set, actor=cycle_report.report.owner)


def test_an_empty_draft_is_not_submitted(phase, tester):
    empty = start_sample_set(phase=phase, actor=tester)
    with pytest.raises(NothingDrawn):
        approval.submit(version=empty, actor=tester)


def test_every_sample_is_decided_and_one_is_in(sample_set, tester):
    with pytest.raises(Undecided, match="10 samples"):
        approval.submit(version=sample_set, actor=tester)
    decide_all(sample_set, tester, BulkDecision.REJECT, "None of them.")
    with pytest.raises(NothingApproved):
        approval.submit(version=sample_set, actor=tester)


def test_samples_of_a_population_replaced_since_are_not_submitted(sample_set, tester):
    decide_all(sample_set, tester)
    make_population(sample_set.cycle_report, name="second.csv")
    with pytest.raises(PopulationReplaced, match=r"second\.csv"):
        approval.submit(version=sample_set, actor=tester)


def test_the_owner_approves_and_the_phase_ends(sample_set, tester, owner):
    decide_all(sample_set, tester)
    pending = approval.submit(version=sample_set, actor=tester, note="Ten records.")
    todo = Assignment.objects.get(assigned_to=owner, status="open")
    assert todo.title.startswith("Approve samples")
    with pytest.raises(OwnApproval):
        approval.approve(version=pending, actor=tester)
    done = approval.approve(version=pending, actor=owner)
    assert is_intact(done) and len(done.content_hash) == 64
    assert complete_phase(phase=done.phase, actor=tester).is_complete


def test_the_seal_covers_where_the_samples_come_from(sample_set):
    first = sample_set.canonical_items()[0]
    assert first["population"] == sample_set.population.content_sha256
    assert (first["seed"], first["records"], first["method"]) == (7, 200, "risk")


def test_a_revision_takes_samples_and_decisions_along(sample_set, tester):
    done = approved(sample_set)
    draft = approval.revise(version=done, actor=tester)
    assert draft.samples.filter(source=Source.CARRIED, decision="approved").count() == 10
    assert (draft.seed, draft.population_hash) == (done.seed, done.population_hash)
    assert compare(done, draft) == []
    again = draw_into(draft, size=10, seed=7)
    assert compare(done, again) == [], "the same seed, the same records, the same decisions"
    other = draw_into(draft, size=12, seed=8)
    whats = {change.what for change in compare(done, other)}
    assert "record" in whats
