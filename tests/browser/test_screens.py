"""Every page, in both schemes and on a narrow screen: nothing broken, everything readable."""

import os
from pathlib import Path

import pytest
from django.urls import get_resolver, reverse

from jobs import enqueue
from jobs.models import Job
from jobs.states import Status
from synapse.common.embedded import BASE_DIR
from tests.browser.watching import look
from tests.browser.world import make_world
from tests.chaos.tasks import sleep
from tests.factories.accounts import make_user
from tests.support.workers import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SHOTS = Path(os.environ.get("SYNAPSE_SCREENSHOTS") or BASE_DIR / ".state/screenshots")
MODES = {
    "light": {},
    "dark": {"dark": True},
    "narrow": {"width": 390},
    "narrow-dark": {"width": 390, "dark": True},
}
# Answers to a POST, or a part of another page: nothing of their own to look at.
NOT_PAGES = {"jobs:job_bar"}


@pytest.fixture
def pages(site, transactional_db):
    """Each page with who looks at it: name -> (user, address)."""
    world = make_world()
    site.work()
    done, failed, live = jobs_in_states(world.tester)
    person = make_user("gone", is_active=True)
    report, cycle_report = world.cycle_report.report, world.cycle_report
    phase = cycle_report.phases.first()
    by_name = {
        "help": (world.tester, []),
        "cycles:home": (world.tester, []),
        "cycles:report_list": (world.executive, []),
        "cycles:report_create": (world.admin, []),
        "cycles:report_detail": (world.executive, [report.pk]),
        "cycles:report_update": (world.admin, [report.pk]),
        "cycles:cycle_list": (world.executive, []),
        "cycles:cycle_create": (world.executive, []),
        "cycles:cycle_detail": (world.executive, [cycle_report.cycle_id]),
        "cycles:cycle_update": (world.executive, [cycle_report.cycle_id]),
        "cycles:cycle_report_create": (world.executive, [cycle_report.cycle_id]),
        "cycles:cycle_report_list": (world.tester, []),
        "cycles:cycle_report_detail": (world.tester, [cycle_report.pk]),
        "cycles:tester_assign": (world.executive, [cycle_report.pk]),
        "cycles:phase_skip": (world.tester, [cycle_report.phases.get(kind="profiling").pk]),
        "cycles:phase_plan": (world.executive, [phase.pk]),
        "accounts:login": (None, []),
        "accounts:own_password": (world.tester, []),
        "accounts:token_list": (world.tester, []),
        "accounts:user_list": (world.admin, []),
        "accounts:user_create": (world.admin, []),
        "accounts:user_detail": (world.admin, [person.pk]),
        "accounts:user_update": (world.admin, [person.pk]),
        "accounts:user_roles": (world.admin, [person.pk]),
        "accounts:user_password": (world.admin, [person.pk]),
        "accounts:user_deactivate": (world.admin, [person.pk]),
        "audit:entry_list": (world.admin, []),
        "jobs:job_list": (world.tester, []),
        "jobs:job_detail": (world.tester, [done.pk]),
        "jobs:job_cancel": (world.tester, [live.pk]),
    }
    return {name: (user, reverse(name, args=args)) for name, (user, args) in by_name.items()}


def jobs_in_states(owner) -> list[Job]:
    """One that ended well, one that failed, one that still runs."""
    done = enqueue(sleep, owner=owner, seconds=0.4, step=0.1)
    wait_for(lambda: status(done) == Status.SUCCEEDED, 20, "a job ends")
    failed = enqueue(sleep, owner=owner, seconds=0.1, step=0)
    wait_for(lambda: status(failed) in {Status.FAILED, Status.WAITING}, 20, "a job fails")
    live = enqueue(sleep, owner=owner, seconds=500, step=0.5)
    wait_for(lambda: status(live) == Status.RUNNING, 20, "a job runs")
    return [done, failed, live]


def status(job: Job) -> str:
    return Job.objects.get(pk=job.pk).status


@pytest.mark.parametrize("mode", MODES)
def test_every_page_is_sound(site, pages, mode):
    SHOTS.mkdir(parents=True, exist_ok=True)
    visitors, found = {}, []
    for name, (user, address) in pages.items():
        if user not in visitors:
            visitors[user] = site.visitor(user, **MODES[mode])
        page = visitors[user]
        page.goto(address)
        page.screenshot(path=SHOTS / f"{name.replace(':', '-')}.{mode}.png", full_page=True)
        found += [f"{name}: {problem}" for problem in look(page)]
    assert found + site.problems() == []


def test_every_page_of_the_product_is_looked_at(pages):
    assert sorted(set(names_of_pages(get_resolver())) - set(pages) - NOT_PAGES) == []


def names_of_pages(resolver, prefix=""):
    """Addresses that answer a GET, API and admin apart."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            if pattern.namespace not in {"api", "admin"}:
                inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
                yield from names_of_pages(pattern, inner)
        elif hasattr(getattr(pattern.callback, "view_class", None), "get"):
            yield prefix + pattern.name
