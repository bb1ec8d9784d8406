"""A job's end is told on any page by a toast and a mark, once, and not where it is seen anyway."""

import pytest

from jobs import control
from jobs.models import Job
from tests.browser.test_job_bar import running, start
from tests.factories.accounts import make_tester
from tests.support.workers import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
TOAST = "[data-job-toast]"
MARK = "[data-job-mark] .tag"
# As a proxy that lets no socket through.
NO_SOCKET = """
window.WebSocket = class extends EventTarget {
  constructor() {
    super();
    setTimeout(() => this.dispatchEvent(new CloseEvent("close", { code: 1006 })), 20);
  }
  close() {}
};
"""


@pytest.fixture
def tester(transactional_db):
    return make_tester("tess")


def end(job: Job, tester) -> None:
    """As a worker would, from anywhere."""
    control.cancel(job, actor=tester)


def unseen(job: Job) -> bool:
    return Job.objects.get(pk=job.pk).seen_at is None


def test_an_end_is_told_on_any_page_once_and_the_mark_counts_it(site, tester):
    first, second = start(tester, items=5), start(tester, items=5)
    page = site.visitor(tester)
    page.goto("/help/")
    assert page.locator(MARK).count() == 0
    page.locator('[data-job-mark][data-socket="/ws/jobs/"]').wait_for(state="attached")
    site.work()
    page.locator(TOAST).nth(1).wait_for()
    page.locator(MARK, has_text="2").wait_for()
    assert "5 done" in page.locator(TOAST).first.inner_text()
    assert page.locator("#toasts").get_attribute("aria-live") == "polite"

    page.reload()
    page.locator(MARK, has_text="2").wait_for()
    page.wait_for_timeout(1500)
    assert page.locator(TOAST).count() == 0, "none is told twice"

    third = start(tester, items=3)
    page.goto("/help/")
    page.locator(TOAST).get_by_role("link", name="See the job").click()
    page.wait_for_url(f"**/jobs/{third.pk}/")
    page.locator(MARK, has_text="2").wait_for()
    assert [unseen(job) for job in (first, second, third)] == [True, True, False]
    assert site.problems() == []


def test_the_end_that_the_page_itself_shows_needs_no_toast_and_brings_its_parts(site, tester):
    site.work()
    job = start(tester, items=15)
    page = site.visitor(tester)
    page.goto(f"/jobs/{job.pk}/")
    failures = []

    def fail_twice(route):
        if len(failures) < 2 and page.locator("[data-job-bar].job[data-state=succeeded]").count():
            failures.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    page.route(f"**/jobs/{job.pk}/", fail_twice)
    page.get_by_text("Took", exact=True).wait_for()
    assert len(failures) == 2, "the parts were asked for again until they came"
    wait_for(lambda: page.wait_for_timeout(50) or not unseen(job), 60, "the page says it was seen")
    assert page.locator(TOAST).count() == 0
    assert page.locator(MARK).count() == 0


def test_many_ends_at_once_are_summed_up(site, tester):
    jobs = [start(tester, items=5) for _ in range(8)]
    page = site.visitor(tester)
    page.goto("/help/")
    page.locator("[data-job-mark][data-socket]").wait_for(state="attached")
    for job in jobs:
        end(job, tester)
    page.locator(MARK, has_text="8").wait_for()
    page.locator(f"{TOAST}[data-more='5']").wait_for()
    assert page.locator(TOAST).count() == 4
    assert "5 more of your jobs have ended." in page.locator(TOAST).last.inner_text()


def test_a_running_job_is_paused_and_resumed_from_the_page(site, tester):
    page = site.visitor(tester)
    site.work()
    job = start(tester, items=50)
    wait_for(lambda: running(job), 60, "the job runs")
    page.goto(f"/jobs/{job.pk}/")
    bar = page.locator("[data-job-bar].job")
    bar.get_by_role("button", name="Pause").click()
    bar.locator(".tag", has_text="Paused").wait_for()
    job.refresh_from_db()
    done = job.done
    assert 0 < done < 50
    bar.get_by_role("button", name="Resume").click()
    bar.locator(".tag", has_text="Done").wait_for(timeout=90_000)
    job.refresh_from_db()
    assert (job.done, job.failed) == (50, 0)
    assert site.problems() == []


def test_without_a_socket_the_page_says_so_and_polls(site, tester):
    job = start(tester, items=2)
    page = site.visitor(tester)
    page.add_init_script(NO_SOCKET)
    page.goto(f"/jobs/{job.pk}/")
    bar = page.locator("[data-job-bar].job")
    bar.locator("[data-part=note]", has_text="Live updates off, refreshing every 5 s").wait_for()
    site.work()
    bar.locator(".tag", has_text="Done").wait_for()
