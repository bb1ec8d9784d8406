"""The job bar moves by its socket alone, and a reload or no JavaScript show the same truth."""

import json

import pytest

from jobs import enqueue
from jobs.models import Job
from jobs.states import Status
from tests.browser.conftest import forbid_http
from tests.chaos.tasks import sleep
from tests.factories.accounts import make_tester
from tests.support.workers import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ITEMS = 50  # ten seconds: enough to open the page while they are done


@pytest.fixture
def tester(transactional_db):
    return make_tester("tess")


def start(owner, *, items: int) -> Job:
    """A job of so many items, 0.2 s each."""
    return enqueue(sleep, owner=owner, seconds=items / 5, step=0.2)


def running(job: Job) -> bool:
    job.refresh_from_db()
    return job.status == Status.RUNNING and job.done > 0


def test_the_bar_reaches_done_by_its_socket_with_http_forbidden(site, tester):
    page = site.visitor(tester)
    site.work()
    job = start(tester, items=ITEMS)
    wait_for(lambda: running(job), 60, "the job runs")
    frames = []

    def listen(socket):
        # The page's mark has a socket of its own, for all jobs of the reader.
        if socket.url.endswith(f"/ws/jobs/{job.pk}/"):
            socket.on("framereceived", lambda text: frames.append(text))

    page.on("websocket", listen)
    page.goto(f"/jobs/{job.pk}/")
    bar = page.locator("[data-job-bar]").first
    bar.wait_for()
    first = int(bar.locator("[data-part=done]").inner_text())
    assert first < ITEMS
    tried = forbid_http(page.context)

    wait_for(
        lambda: page.wait_for_timeout(50) or _last(frames).get("status") == "succeeded",
        90,
        "the last frame",
    )

    snapshots = [json.loads(frame) for frame in frames]
    versions = [snapshot["version"] for snapshot in snapshots]
    assert versions == sorted(set(versions)), "frames come in order, none twice"
    assert len(snapshots) > 3
    assert snapshots[-1]["progress"] == 100
    assert snapshots[-1]["done"] == ITEMS
    shown = "() => document.querySelector('[data-part=done]')?.textContent"
    page.wait_for_function(f"{shown} === '{ITEMS}'")
    assert page.locator("progress[data-part=progress]").first.evaluate("e => e.value / e.max") == 1
    asked = (f"/jobs/{job.pk}/", "/jobs/mark/")
    assert all(any(part in url for part in asked) for url in tried), (
        "only the parts that the ended job changes are asked for"
    )


def _last(frames: list[str]) -> dict:
    return json.loads(frames[-1]) if frames else {}


def test_the_page_shows_the_end_by_itself(site, tester):
    site.work()
    job = start(tester, items=10)
    page = site.visitor(tester)
    page.goto(f"/jobs/{job.pk}/")
    page.locator("[data-job-bar] .tag", has_text="Done").wait_for()
    assert page.locator("[data-job-bar] progress").count() == 0
    assert site.problems() == []


def test_reload_and_no_javascript_show_the_same_truth(site, tester):
    job = start(tester, items=5)
    plain = site.visitor(tester, java_script_enabled=False)
    plain.goto(f"/jobs/{job.pk}/")
    assert "Queued" in plain.locator("[data-job-bar]").inner_text()
    site.work()
    wait_for(lambda: Job.objects.get(pk=job.pk).status == Status.SUCCEEDED, 60, "the job ends")
    plain.reload()
    assert "Done" in plain.locator("[data-job-bar]").inner_text()
    assert "5 done" in plain.locator("[data-job-bar]").inner_text()


def test_a_job_is_cancelled_from_the_page_without_javascript(site, tester):
    site.work()
    job = start(tester, items=200)
    wait_for(lambda: running(job), 60, "the job runs")
    plain = site.visitor(tester, java_script_enabled=False)
    plain.goto(f"/jobs/{job.pk}/")
    plain.locator("main").get_by_role("link", name="Cancel").first.click()
    plain.get_by_role("button", name="Cancel the job").click()
    wait_for(lambda: Job.objects.get(pk=job.pk).status == Status.CANCELLED, 60, "the cancel")
    plain.reload()
    assert "Cancelled" in plain.locator("[data-job-bar]").inner_text()
    assert Job.objects.get(pk=job.pk).done < 200
