"""The data path in pages: records that were filed become approved samples, by clicking alone."""

import csv
import io

import pytest
from django.db import transaction
from playwright.sync_api import expect

from jobs.models import Job
from synapse.cycles.demonstration.records import make_records, plant
from synapse.cycles.phases import PhaseKind
from synapse.profiling.models import Population, Profile, RuleSet
from synapse.sampling.states import Category, Decision
from tests.browser import data_steps as by
from tests.browser.data_steps import BALANCE, EDITED, MISNAMED, REASON, RECORDS, SAMPLES, SHORT
from tests.browser.steps import complete_phase
from tests.browser.world import finished, make_world, phase_of
from tests.factories.scoping import make_approved_plan, schedule_d1

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture
def world(transactional_db):
    """An approved plan of Schedule D.1; nothing of its data is there yet."""
    world = make_world()
    make_approved_plan(world.cycle_report, schedule_d1())
    return world


@pytest.fixture
def filed(tmp_path):
    """Made-up records as a bank might file them: by pipes, one heading amiss, one line cut off."""
    records = make_records(RECORDS, seed=3)
    plant(records, seed=3)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(records[0]), delimiter="|", lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    lines = text.getvalue().splitlines()
    lines[0] = lines[0].replace(f"|{by.HEADING}|", f"|{MISNAMED}|")
    lines[SHORT] = "|".join(lines[SHORT].split("|")[:10])
    path = tmp_path / "filed.txt"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_filed_records_become_approved_samples(site, world, filed):
    site.work("batch")
    site.work("llm")
    tester, owner = site.visitor(world.tester), site.visitor(world.owner)
    complete_phase(tester, phase_of(world.cycle_report, PhaseKind.PLANNING))

    population = by.upload(tester, world, filed)
    by.mend_and_import(tester, population)
    rule_set = by.propose(tester, world)
    by.edit_rule(site, tester, rule_set)
    by.switch_off(tester, rule_set)
    by.approved_by_another(tester, owner, rule_set)
    profile = by.run_rules(tester, world)
    by.read_profile(tester, profile)
    complete_phase(tester, phase_of(world.cycle_report, PhaseKind.PROFILING))

    scope = by.scoped(tester, world)
    by.approved_by_another(tester, owner, scope)
    complete_phase(tester, phase_of(world.cycle_report, PhaseKind.SCOPING))

    sample_set = by.draw(site, tester, world)
    by.decide(tester, sample_set)
    by.approved_by_another(tester, owner, sample_set)
    complete_phase(tester, phase_of(world.cycle_report, PhaseKind.SAMPLING))

    assert_population(population)
    assert_profile(profile, rule_set, population)
    assert_samples(sample_set, scope, population, profile)
    for version in (rule_set, scope, sample_set):
        assert (version.submitted_by, version.decided_by) == (world.tester, world.owner)
    assert not (world.tester.is_staff or world.owner.is_staff)
    assert site.problems() == []


def assert_population(population: Population) -> None:
    population.refresh_from_db()
    assert population.is_imported
    assert (population.row_count, population.rejected_count) == (RECORDS - 1, 1)
    assert population.rejected_rows.get().line_no == SHORT + 1
    attributes = dict(population.plan.attributes.values_list("pk", "name"))
    held = {each["heading"]: each["attribute_id"] for each in population.columns}
    assert attributes[held[MISNAMED]] == BALANCE
    assert None not in held.values()


def assert_profile(profile: Profile, rule_set: RuleSet, population: Population) -> None:
    assert profile.is_finished
    assert (profile.rule_set, profile.population) == (rule_set, population)
    assert profile.record_count == population.row_count
    enabled = set(rule_set.rules.filter(enabled=True).values_list("rule_id", flat=True))
    assert f"{EDITED}-not-blank" in enabled
    assert set(profile.results.values_list("rule__rule_id", flat=True)) == enabled
    assert profile.failing_records > 0
    assert profile.attribute_profiles.count() == len(population.columns)


def assert_samples(sample_set, scope, population, profile) -> None:
    sample_set.refresh_from_db()
    assert (sample_set.scope, sample_set.population) == (scope, population)
    assert (sample_set.profile, sample_set.seed) == (profile, 7)
    samples = list(sample_set.items())
    assert len(samples) == SAMPLES
    assert {each.category for each in samples} == set(Category.values)
    assert all(each.rationale for each in samples)
    assert all(each.reasons for each in samples if each.category != Category.CLEAN)
    out = [each.reason for each in samples if each.decision == Decision.REJECTED]
    assert out == [REASON]
    assert sum(each.decision == Decision.APPROVED for each in samples) == SAMPLES - 1
    assert SHORT not in {each.record_no for each in samples}


def test_a_page_closed_in_mid_import_loses_nothing(site, world, filed):
    """Work goes on without its browser; the next login finds it done."""
    page = site.visitor(world.tester)
    complete_phase(page, phase_of(world.cycle_report, PhaseKind.PLANNING))
    population = by.upload(page, world, filed)
    page.get_by_role("button", name="Import").click()
    expect(page.locator("[data-job-bar]")).to_contain_text("Queued")
    with transaction.atomic():
        # Nothing of it can be committed while this lock is held, so the page closes in the middle.
        Population.objects.select_for_update().get(pk=population.pk)
        site.work("batch")
        expect(page.locator("[data-job-bar]")).to_contain_text("Running")
        page.context.close()
    finished(Job.objects.get(task="profiling.import_population"))

    page = site.visitor(world.tester)
    page.goto(population.get_absolute_url())
    expect(page.locator("#state .tag.ok")).to_have_text("imported")
    expect(page.locator("#facts")).to_contain_text(str(RECORDS - 1))
    assert site.problems() == []
