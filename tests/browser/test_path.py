"""The whole path in pages: a dictionary becomes an approved plan and an approved scope."""

import re

import pytest
from playwright.sync_api import Page

from jobs.models import Job
from jobs.states import Status
from synapse.audit.models import Entry
from synapse.common.embedded import BASE_DIR
from synapse.cycles.phases import PhaseKind
from synapse.planning.models import Plan
from synapse.scoping.models import Scope
from tests.browser.steps import (
    accept_every_advice,
    approve,
    complete_phase,
    press,
    refused_to_own_submitter,
    start_job,
    start_phase,
    submit,
)
from tests.browser.world import make_world, phase_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]

BUILTIN = BASE_DIR / "synapse/planning/builtin"


@pytest.fixture
def world(transactional_db):
    return make_world()


def upload(page: Page, plan: Plan, kind: str, name: str) -> None:
    """Send a document and confirm what is taken from it."""
    page.goto(f"/plans/{plan.pk}/upload/?kind={kind}")
    page.select_option("[name=kind]", kind)
    page.set_input_files("[name=file]", BUILTIN / name)
    press(page)
    page.wait_for_url(re.compile(r"/documents/\d+/"))
    press(page)
    page.wait_for_url(re.compile(rf"/plans/{plan.pk}/$"))


def test_a_dictionary_becomes_an_approved_scope(site, world, simulator):
    site.work("llm", 2)
    tester, owner = site.visitor(world.tester), site.visitor(world.owner)

    plan = write_plan(tester, world)
    assert plan.attributes.count() == 118
    assert plan.attributes.filter(is_cde=True).exists()
    assert plan.attributes.filter(has_open_issue=True).exists()
    submit(tester, plan)
    refused_to_own_submitter(tester, plan)
    approve(owner, plan)

    scope = begin_scoping(tester, world)
    recommend(tester, scope)
    accept_every_advice(tester, scope)
    submit(tester, scope)
    refused_to_own_submitter(tester, scope)
    approve(owner, scope)

    scope.refresh_from_db()
    assert scope.status == Scope.Status.APPROVED
    assert (scope.submitted_by, scope.decided_by) == (world.tester, world.owner)
    assert Entry.objects.values("actor").distinct().count() >= 2
    assert not (world.tester.is_staff or world.owner.is_staff)
    assert site.problems() == []


def write_plan(page: Page, world) -> Plan:
    phase = world.cycle_report.phases.get(kind=PhaseKind.PLANNING)
    page.goto(f"/cycle-reports/{world.cycle_report.pk}/")
    page.locator(f'form[action="/phases/{phase.pk}/start/"] button').click()
    page.goto(f"/plans/phases/{phase.pk}/")
    start = page.locator('form[action$="/start/"] button')
    if start.count():
        start.first.click()
    page.wait_for_url(re.compile(r"/plans/\d+/$"))
    plan = Plan.objects.get(phase=phase)
    upload(page, plan, "dictionary", "fr_y14m_d1.csv")
    upload(page, plan, "cde_list", "fr_y14m_d1_cde.csv")
    upload(page, plan, "issue_list", "fr_y14m_d1_issues.csv")
    return plan


def begin_scoping(page: Page, world) -> Scope:
    """Planning is completed, Profiling skipped with a reason, Scoping started."""
    complete_phase(page, phase_of(world.cycle_report, PhaseKind.PLANNING))
    profiling = phase_of(world.cycle_report, PhaseKind.PROFILING)
    page.goto(world.cycle_report.get_absolute_url())
    page.locator(f'a[href="/phases/{profiling.pk}/skip/"]').click()
    page.fill("[name=reason]", "No population in this cycle.")
    press(page)
    page.wait_for_url(lambda url: not url.endswith("/skip/"))
    scoping = phase_of(world.cycle_report, PhaseKind.SCOPING)
    start_phase(page, scoping)
    page.wait_for_url(re.compile(r"/scopes/\d+/$"))
    return Scope.objects.get(phase=scoping)


def recommend(page: Page, scope: Scope) -> None:
    """By a job; the page follows it to its end without being touched."""
    page.goto(scope.get_absolute_url())
    advice = page.locator("#list").get_by_text("simulated")
    start_job(page, page.get_by_role("button", name="Recommend scope"), advice.first)
    assert Job.objects.get(task="scoping.recommend").status == Status.SUCCEEDED
    assert scope.scope_items.filter(recommended__isnull=False).count() == 114
