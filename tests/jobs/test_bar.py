"""The job bar and the words of the pages: honest in every state."""

from datetime import timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from jobs import queue_control
from jobs.models import Worker
from jobs.states import Status
from jobs.templatetags import job_text
from tests.factories.accounts import make_tester
from tests.factories.jobs import make_job

pytestmark = pytest.mark.django_db
INCLUDE = '{% include "jobs/_job_bar.html" with job=job %}'


@pytest.fixture
def tester():
    return make_tester("tess")


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(tester):
    return client_of(tester)


def bar(job, user, template: str = INCLUDE) -> str:
    """The bar as any page shows it."""
    request = RequestFactory().get("/")
    request.user = user
    return " ".join(Template(template).render(Context({"job": job, "request": request})).split())


def test_no_job_no_bar(tester):
    assert bar(None, tester) == ""


def test_a_running_job_shows_counts_failures_time_left_and_cancel(tester):
    job = make_job(
        tester,
        status=Status.RUNNING,
        title="Recommend scope",
        total=118,
        done=115,
        failed=1,
        step="Attribute 116",
        mark_at=timezone.now(),
        mark_settled=116,
        earlier_mark_at=timezone.now() - timedelta(seconds=116 * 10),
    )
    html = bar(job, tester)
    assert '<progress max="100" value="98"' in html
    assert '<b class="num" data-part="done">115</b> of' in html
    assert "· 1 failed" in html
    assert "· about 20 s left" in html
    assert "Attribute 116" in html
    assert reverse("jobs:job_cancel", args=[job.pk]) in html
    assert f'data-socket="/ws/jobs/{job.pk}/"' in html
    assert '<span class="tag accent">Running</span>' in html


def test_before_the_items_are_planned_the_bar_has_no_value(tester):
    html = bar(make_job(tester, status=Status.RUNNING), tester)
    assert '<progress max="100" aria-label' in html
    assert 'data-part="counts" hidden' in html


def test_a_job_that_could_start_says_what_keeps_it(tester, django_assert_num_queries):
    job = make_job(tester)
    assert "No worker serves its queue now" in bar(job, tester)
    Worker.objects.create(cluster="c", queue="default", host="h", pid=1, pid_started=1)
    with django_assert_num_queries(1):
        assert "its queue" not in bar(job, tester)
    row = queue_control.pause_queue("default", actor=None)
    told = f"Its queue is paused since {job_text.moment(row.paused_at)}"
    assert told in bar(job, tester)
    past, future = (timezone.now() + timedelta(seconds=each) for each in (-1, 60))
    assert told in bar(make_job(tester, status=Status.WAITING, run_after=past), tester)
    assert told not in bar(make_job(tester, status=Status.WAITING, run_after=future), tester)
    assert told not in bar(make_job(tester, status=Status.PAUSED), tester)
    with django_assert_num_queries(0):
        bar(job, tester, '{% include "jobs/_job_bar.html" with job=job compact=True %}')


def test_a_job_done_with_failed_items_is_amber_and_offers_the_failed_only(tester):
    job = make_job(tester, status=Status.SUCCEEDED, done=115, failed=3, total=118)
    html = bar(job, tester)
    assert '<span class="tag warn">115 done, 3 failed</span>' in html
    assert "Retry failed only" in html
    assert "data-socket" not in html
    assert "<progress" not in html
    broken_off = make_job(tester, status=Status.CANCELLED, done=1, failed=3, total=118)
    assert "Run again" in bar(broken_off, tester)


def test_who_may_only_watch_sees_no_button(tester):
    other = make_tester("otto")
    assert "Cancel" not in bar(make_job(tester, status=Status.RUNNING), other)
    assert "Retry" not in bar(make_job(tester, status=Status.SUCCEEDED, failed=1), other)


def test_each_end_says_what_it_is_in_words(tester):
    failed = make_job(tester, status=Status.FAILED, error_code="x", error_message="Keys are <bad>.")
    assert "Keys are &lt;bad&gt;." in bar(failed, tester)
    assert '<span class="tag bad">Failed</span>' in bar(failed, tester)
    cancelled = make_job(tester, status=Status.CANCELLED, done=2, total=9, message="Cancelled.")
    assert "Stopped after 2 of 9" in bar(cancelled, tester)
    empty = make_job(tester, status=Status.SUCCEEDED, total=0, message="There was nothing to do.")
    assert "There was nothing to do." in bar(empty, tester)
    assert '<span class="tag ok">Done</span>' in bar(empty, tester)


def test_a_waiting_job_says_why_and_until_when(tester):
    at = timezone.now() + timedelta(minutes=1)
    job = make_job(tester, status=Status.WAITING, message="Rate limit", run_after=at)
    html = bar(job, tester)
    assert '<span class="tag warn">Waiting</span>' in html
    assert ">Rate limit<" in html
    assert f"Goes on at {job_text.moment(at)}" in html
    later = make_job(tester, status=Status.WAITING, run_after=at + timedelta(days=9), attempt=0)
    assert f"Starts at {at + timedelta(days=9):%Y-%m-%d %H:%M}" in bar(later, tester)


def test_a_job_asked_to_stop_says_so_and_offers_no_second_cancel(tester):
    job = make_job(tester, status=Status.RUNNING, cancel_requested_at=timezone.now())
    html = bar(job, tester)
    assert "Cancelling" in html
    assert "stops after what is in hand" in html
    assert reverse("jobs:job_cancel", args=[job.pk]) not in html
    assert 'data-state="running cancelling"' in html


def test_the_bar_asks_the_database_nothing(tester, django_assert_num_queries):
    job = make_job(tester, status=Status.RUNNING)
    with django_assert_num_queries(0):
        bar(job, tester)


def test_the_bar_is_served_alone_for_the_script(client, tester):
    job = make_job(tester, status=Status.RUNNING)
    html = client.get(reverse("jobs:job_bar", args=[job.pk])).content.decode()
    assert html.strip().startswith("<div")
    assert f'data-job-bar="{job.pk}"' in html
    compact = client.get(reverse("jobs:job_bar", args=[job.pk]) + "?compact=1").content.decode()
    assert 'class="job-cell"' in compact
    assert 'data-socket="/ws/jobs/"' in compact


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0, "a few seconds left"),
        (21, "about 20 s left"),
        (58, "about 60 s left"),
        (61, "about 1 min left"),
        (3599, "about 60 min left"),
        (7300, "about 2 h left"),
    ],
)
def test_time_left_is_as_rough_as_it_is_known(seconds, words):
    assert job_text.left(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.44, "0.4 s"), (40, "40 s"), (185, "3 min 5 s"), (7800, "2 h 10 min"), (273600, "3 d 4 h")],
)
def test_spans_are_spoken_in_two_units(seconds, words):
    assert job_text.span(timedelta(seconds=seconds)) == words


def test_how_long_ago():
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        words = [job_text.ago(now - timedelta(seconds=s)) for s in (1, 40, 200, 7300, 500000)]
    assert words == ["just now", "40 s ago", "3 min ago", "2 h ago", "5 d ago"]
