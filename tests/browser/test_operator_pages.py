"""The operators' pages renew themselves in place, keep the focus, and hold still when told to."""

import pytest
from django.utils import timezone

from jobs.models import JobQueue, Worker
from tests.factories.accounts import make_admin

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def admin(transactional_db):
    return make_admin("ada")


def make_worker(number: int) -> Worker:
    return Worker.objects.create(
        cluster="c", queue="llm", host=f"host-{number}/boot", slot=0, pid=number, pid_started=1
    )


def test_the_page_renews_itself_until_it_is_held(site, admin):
    make_worker(1)
    page = site.visitor(admin)
    page.goto("/jobs/workers/?queue=llm")
    row = page.locator("#list tbody tr")
    row.first.focus()
    make_worker(2)
    row.nth(1).wait_for()
    assert page.evaluate("document.activeElement.id") == row.first.get_attribute("id")

    page.get_by_role("button", name="Hold").click()
    page.get_by_text("Held as it was").wait_for()
    make_worker(3)
    page.wait_for_timeout(6000)
    assert row.count() == 2
    page.get_by_role("button", name="Go on").click()
    row.nth(2).wait_for()
    assert site.problems() == []


def test_a_queue_is_paused_and_resumed_without_javascript(site, admin):
    page = site.visitor(admin, java_script_enabled=False)
    page.goto("/jobs/queues/")
    page.get_by_role("link", name="llm", exact=True).click()
    page.get_by_role("link", name="Pause the queue").click()
    page.get_by_label("Reason").fill("Model upgrade")
    page.get_by_role("button", name="Pause the queue").click()
    assert "by ada: Model upgrade" in page.locator("main").inner_text()
    assert JobQueue.objects.get(name="llm").paused_at <= timezone.now()
    page.get_by_role("button", name="Resume the queue").click()
    assert "Queue llm goes on." in page.locator("main").inner_text()
    assert JobQueue.objects.get(name="llm").paused_at is None
    assert site.problems() == []
