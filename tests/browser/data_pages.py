"""The pages of profiling and sampling, over made-up records of Schedule D.1."""

import tempfile
from pathlib import Path

from synapse.cycles.demonstration.records import make_records, plant, write_records
from synapse.cycles.models import CycleReport, Phase
from synapse.cycles.services import approval
from synapse.profiling.models import Population, Profile, RuleSet
from synapse.profiling.services.rule_sets import start_rule_set
from synapse.profiling.tasks.profiling import start_profile
from synapse.profiling.tasks.proposing import start_proposal
from synapse.sampling.models import SampleSet
from synapse.sampling.services import decisions
from synapse.sampling.states import BulkDecision
from tests.browser.world import World, another, finished, seen, started
from tests.factories.profiling import make_population, make_uploaded_population
from tests.factories.sampling import make_sample_set
from tests.factories.scoping import make_approved_plan, schedule_d1

RECORDS = 300


def profiling_pages(world: World) -> dict:
    """Wants workers of the batch queue."""
    tester, owner = world.tester, world.owner
    phase = profiling_phase(another(world, "D.3"))
    stored = make_uploaded_population(phase=phase, content=records_file(), name="records.csv")
    imported = make_population(phase=phase, content=records_file(), name="records-2.csv")
    rule_set = proposed(phase)
    pages = {
        "profiling:phase_detail empty": seen(tester, profiling_phase(another(world, "E.2")).pk),
        "profiling:phase_detail": seen(tester, phase.pk),
        "profiling:population_upload": seen(tester, phase.pk),
        "profiling:population_detail stored": seen(tester, stored.pk),
        "profiling:population_detail": seen(tester, imported.pk),
        "profiling:population_detail rejected": seen(tester, imported.pk, query="?show=rejected"),
        "profiling:population_confirm": seen(tester, stored.pk),
        "profiling:population_delete": seen(tester, stored.pk),
    }
    pages |= rule_pages(world)
    profile = profiled(rule_set, imported)
    failing = profile.results.filter(failed__gt=0).select_related("rule").order_by("-failed")
    column = profile.attribute_profiles.filter(attribute__isnull=False)[3]
    return pages | {
        "profiling:phase_detail profiled": seen(owner, phase.pk),
        "profiling:profile_detail": seen(tester, profile.pk),
        "profiling:profile_attributes": seen(tester, profile.pk, query=f"?column={column.pk}"),
        "profiling:profile_failures": seen(tester, profile.pk),
        "profiling:profile_failures one": seen(
            tester, profile.pk, query=f"?rule={failing[0].rule.rule_id}"
        ),
    }


def rule_pages(world: World) -> dict:
    tester, owner = world.tester, world.owner
    rule_set, other, last = (proposed_over_records(world, name) for name in ("D.4", "D.5", "D.6"))
    rule = rule_set.rules.filter(needs_condition=True).first() or rule_set.rules.first()
    pages = {
        f"profiling:rule_set_{name}": seen(tester, rule_set.pk)
        for name in ("detail", "compare", "versions", "propose", "import", "submit", "take_over")
    }
    pages |= {
        "profiling:rule_set_detail focus": seen(tester, rule_set.pk, query=f"?rule={rule.pk}"),
        "profiling:rule_create": seen(tester, rule_set.pk),
        "profiling:rule_edit": seen(tester, rule_set.pk, rule.pk),
        "profiling:rule_delete": seen(tester, rule_set.pk, rule.pk),
    }
    pending = approval.submit(version=other, actor=tester, note="Looked through.")
    pages |= {
        "profiling:rule_set_detail pending": seen(owner, pending.pk),
        "profiling:rule_set_withdraw": seen(tester, pending.pk),
        "profiling:rule_set_approve": seen(owner, pending.pk),
        "profiling:rule_set_reject": seen(owner, pending.pk),
    }
    approved = approve(last)
    return pages | {
        "profiling:rule_set_detail approved": seen(tester, approved.pk),
        "profiling:rule_set_revise": seen(tester, approved.pk),
    }


def sampling_pages(world: World) -> dict:
    tester, owner = world.tester, world.owner
    sample_set = make_sample_set(cycle_report=another(world, "D.7"))
    samples = list(sample_set.items())
    decide(sample_set, [each.pk for each in samples[:3]])
    pending = make_sample_set(cycle_report=another(world, "D.8"))
    decide(pending, [each.pk for each in pending.items()])
    pending = approval.submit(version=pending, actor=tester, note="All seen.")
    pages = {
        f"sampling:sampleset_{name}": seen(tester, sample_set.pk)
        for name in ("add", "detail", "draw", "compare", "versions", "submit", "revise")
    }
    return pages | {
        "sampling:phase_detail": seen(tester, sample_set.phase_id),
        "sampling:phase_draw": seen(tester, sample_set.phase_id),
        "sampling:sample_size": seen(tester),
        "sampling:sampleset_detail pending": seen(owner, pending.pk),
        "sampling:sampleset_withdraw": seen(tester, pending.pk),
        "sampling:sampleset_approve": seen(owner, pending.pk),
        "sampling:sampleset_reject": seen(owner, pending.pk),
        "sampling:sample_detail": seen(tester, sample_set.pk, samples[0].pk),
        "sampling:sample_history": seen(tester, sample_set.pk, samples[0].pk),
    }


def profiling_phase(cycle_report: CycleReport) -> Phase:
    """In progress, over an approved plan of the 118 attributes."""
    make_approved_plan(cycle_report, schedule_d1())
    return started(cycle_report, "profiling", after="planning")


def records_file() -> bytes:
    records = make_records(RECORDS, seed=3)
    plant(records, seed=3)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "records.csv"
        write_records(records, file)
        return file.read_bytes()


def proposed_over_records(world: World, name: str) -> RuleSet:
    phase = profiling_phase(another(world, name))
    make_population(phase=phase, content=records_file())
    return proposed(phase)


def proposed(phase: Phase) -> RuleSet:
    tester = phase.cycle_report.tester
    rule_set = start_rule_set(phase=phase, actor=tester)
    finished(start_proposal(rule_set=rule_set, actor=tester))
    return rule_set


def approve(rule_set: RuleSet) -> RuleSet:
    cycle_report = rule_set.cycle_report
    approval.submit(version=rule_set, actor=cycle_report.tester)
    return approval.approve(version=rule_set, actor=cycle_report.report.owner)


def profiled(rule_set: RuleSet, population: Population) -> Profile:
    tester = population.cycle_report.tester
    job = start_profile(rule_set=approve(rule_set), population=population, actor=tester)
    finished(job)
    return Profile.objects.get(pk=job.subject_id)


def decide(sample_set: SampleSet, ids: list[int]) -> None:
    decisions.decide_many(
        sample_set=sample_set,
        actor=sample_set.cycle_report.tester,
        sample_ids=ids,
        decision=BulkDecision.APPROVE,
        reason="",
    )
