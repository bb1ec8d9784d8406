"""The job list is worked by keys and by forms: ticked jobs get their results, filters a name."""

import pytest

from jobs.models import Job
from jobs.saved import saved_filters
from jobs.states import Status
from tests.browser.watching import look
from tests.factories.accounts import make_tester
from tests.factories.jobs import make_items, make_job

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def tester(transactional_db):
    return make_tester("tess")


@pytest.fixture
def jobs(tester):
    """Newest last: one that ended well, one with failed items, three that wait for a worker."""
    done = make_job(tester, status=Status.SUCCEEDED, title="Draft plan")
    amber = make_job(tester, status=Status.SUCCEEDED, title="Recommend scope")
    make_items(amber, done=3, failed=2)
    queued = [make_job(tester, title="Profile records") for _ in range(3)]
    return [done, amber, *queued]


def statuses(jobs) -> list[str]:
    found = Job.objects.in_bulk([job.pk for job in jobs])
    return [str(found[job.pk].status) for job in jobs]


def test_jobs_are_ticked_by_keys_and_each_gets_its_result(site, tester, jobs):
    page = site.visitor(tester)
    page.goto("/jobs/")
    for key in ("j", "x", "j", "x", "j", "j", "x"):
        page.keyboard.press(key)
    assert page.locator("[data-count]").inner_text() == "3"
    assert page.locator("input[data-all]").evaluate("box => box.indeterminate")
    page.locator("#bulk button", has_text="Pause").click()

    page.get_by_text("What became of them").wait_for()
    rows = page.locator("tbody tr").all_inner_texts()
    assert ["Paused" in rows[0], "Paused" in rows[1], "Refused" in rows[2]] == [True] * 3
    assert look(page) == []
    assert statuses(jobs) == ["succeeded", "succeeded", "queued", "paused", "paused"]

    page.get_by_role("link", name="Back to the list").first.click()
    page.locator("input[data-all]").check()
    assert page.locator("[data-count]").inner_text() == "5"
    page.locator("#bulk button", has_text="Cancel").click()
    page.get_by_text("Cancel these 5 jobs?").wait_for()
    assert look(page) == []
    page.get_by_role("button", name="Cancel 5 jobs").click()
    page.get_by_text("What became of them").wait_for()
    assert statuses(jobs)[2:] == ["cancelled"] * 3
    assert site.problems() == []


def test_a_filter_changes_the_list_in_place_and_is_kept_under_a_name(site, tester, jobs):
    page = site.visitor(tester, width=390)
    page.goto("/jobs/")
    page.select_option("[name=status]", "troubled")
    page.wait_for_function("() => document.querySelectorAll('[data-row]').length === 1")
    assert "status=troubled" in page.url
    page.get_by_role("link", name="Save this filter").click()
    page.fill("[name=name]", "To look at")
    page.get_by_role("button", name="Save the filter").click()
    link = page.locator("nav[aria-label='Saved filters'] a", has_text="To look at")
    link.wait_for()
    assert link.get_attribute("aria-current") == "true"
    assert [kept.query for kept in saved_filters(tester)] == ["status=troubled"]
    assert look(page) == []
    assert site.problems() == []


def test_without_javascript_the_forms_do_all_of_it(site, tester, jobs):
    page = site.visitor(tester, java_script_enabled=False)
    page.goto("/jobs/")
    page.fill("[name=search]", "profile")
    page.get_by_role("button", name="Filter", exact=True).click()
    assert page.locator("[data-row]").count() == 3
    page.check("[name=matching]")
    page.locator("#bulk button", has_text="Pause").click()
    assert page.locator("tbody tr", has_text="Paused").count() == 3
    assert statuses(jobs)[2:] == ["paused"] * 3
    page.get_by_role("link", name="Back to the list").first.click()
    page.get_by_role("link", name="Profile records").first.click()
    page.get_by_role("button", name="Resume").first.click()
    assert statuses(jobs)[4] == "queued"
