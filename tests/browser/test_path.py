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
from tests.browser.world import make_world
from tests.support.workers import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]

BUILTIN = BASE_DIR / "synapse/planning/builtin"


@pytest.fixture
def world(transactional_db):
    return make_world()


def press(page: Page, words: str | re.Pattern = re.compile(".")) -> None:
    """The primary button of the page's own form."""
    page.locator("main form:not([method=dialog]) button.primary", has_text=words).first.click()


def follow(page: Page, part: str) -> None:
    """The first link of the page whose address ends so."""
    page.locator(f'main a[href*="{part}"]').first.click()


def post_by_hand(page: Page, address: str) -> int:
    """The status of a POST that no button offers, with the right token."""
    token = page.locator("meta[name=csrf-token]").get_attribute("content")
    answer = page.request.post(
        address, form={"csrfmiddlewaretoken": token, "note": "by hand"}, max_redirects=0
    )
    return answer.status


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
    decide(tester, scope)
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


def submit(page: Page, version) -> None:
    page.goto(version.get_absolute_url())
    follow(page, "/submit/")
    press(page)
    page.wait_for_url(lambda url: not url.endswith("/submit/"))
    version.refresh_from_db()
    assert version.is_pending


def refused_to_own_submitter(page: Page, version) -> None:
    """No button, and no way round its absence."""
    page.goto(version.get_absolute_url())
    address = f"{version.get_absolute_url()}approve/"
    assert page.locator(f'main a[href*="/approve/"], main form[action="{address}"]').count() == 0
    assert post_by_hand(page, address) == 403
    version.refresh_from_db()
    assert version.is_pending


def approve(page: Page, version) -> None:
    """The owner finds it in the to-do list."""
    page.goto("/")
    page.locator(f'main a[href="{version.get_absolute_url()}"]').first.click()
    follow(page, "/approve/")
    press(page)
    page.wait_for_url(lambda url: not url.endswith("/approve/"))
    version.refresh_from_db()
    assert version.is_approved
    page.goto("/")
    assert page.locator(f'main a[href="{version.get_absolute_url()}"]').count() == 0


def begin_scoping(page: Page, world) -> Scope:
    """Planning is completed, Profiling skipped with a reason, Scoping started."""
    phases = {phase.kind: phase for phase in world.cycle_report.phases.all()}
    home = f"/cycle-reports/{world.cycle_report.pk}/"
    page.goto(home)
    complete = page.locator(f'form[action="/phases/{phases["planning"].pk}/complete/"] button')
    if complete.count():
        complete.click()
    page.goto(home)
    page.locator(f'a[href="/phases/{phases["profiling"].pk}/skip/"]').click()
    page.fill("[name=reason]", "No population in this cycle.")
    press(page)
    page.goto(home)
    page.locator(f'form[action="/phases/{phases["scoping"].pk}/start/"] button').click()
    page.goto(f"/scopes/phase/{phases['scoping'].pk}/")
    start = page.locator('main form[action$="/start/"] button')
    if start.count():
        start.first.click()
    page.wait_for_url(re.compile(r"/scopes/\d+/$"))
    return Scope.objects.get(phase=phases["scoping"])


def recommend(page: Page, scope: Scope) -> None:
    """By a job; the page follows it to its end without being touched."""
    page.goto(scope.get_absolute_url())
    page.locator(f'form[action="{scope.get_absolute_url()}recommend/"] button').first.click()
    page.locator("[data-job-bar]").first.wait_for()
    job = Job.objects.get(task="scoping.recommend")
    wait_for(
        lambda: page.wait_for_timeout(100) or Job.objects.get(pk=job.pk).status == Status.SUCCEEDED,
        120,
        "the recommendation ends",
    )
    page.reload()
    assert "simulated" in page.locator("main").inner_text().lower()
    assert scope.scope_items.filter(recommended__isnull=False).count() == 114


def decide(page: Page, scope: Scope) -> None:
    """Every advice is accepted at once."""
    page.goto(scope.get_absolute_url())
    page.locator("#bulk [name=matching]").check()
    page.locator("#bulk button[value=advice]").click()
    page.wait_for_load_state()
    undecided = scope.scope_items.filter(in_scope__isnull=True, attribute__is_key=False)
    assert not undecided.exists()
