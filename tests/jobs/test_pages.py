"""Pages of jobs: honest states, filters in the address, no growth of queries, admin read-only."""

from datetime import timedelta

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jobs import enqueue
from jobs.models import Job, Worker
from jobs.states import Status
from jobs.templatetags import job_text
from tests.factories.accounts import make_admin, make_tester
from tests.factories.jobs import make_items, make_job

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


# -- the bar ------------------------------------------------------------------------------


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


def test_a_job_done_with_failed_items_is_amber_and_offers_the_failed_only(tester):
    job = make_job(tester, status=Status.SUCCEEDED, done=115, failed=3, total=118)
    html = bar(job, tester)
    assert '<span class="tag warn">115 done, 3 failed</span>' in html
    assert "Retry failed only" in html
    assert "data-socket" not in html
    assert "<progress" not in html


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
    assert f"Rate limit, goes on at {at:%H:%M:%S}" in html


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


# -- the list -----------------------------------------------------------------------------


def listed(client, query: str = "") -> list[int]:
    response = client.get(reverse("jobs:job_list") + query)
    assert response.status_code == 200
    return [job.pk for job in response.context["page_obj"]]


def test_an_empty_list_says_what_comes_here(client):
    page = client.get(reverse("jobs:job_list")).content.decode()
    assert "No jobs yet" in page
    filtered = client.get(reverse("jobs:job_list") + "?status=failed").content.decode()
    assert "No job fits these filters" in filtered


def test_filters_are_in_the_address_and_wrong_ones_are_passed_over(client, tester, declare):
    def other(run):
        """Nothing to do."""

    declare(other, title="Another task")
    running = make_job(tester, status=Status.RUNNING)
    amber = make_job(tester, status=Status.SUCCEEDED, failed=2)
    failed = make_job(tester, status=Status.FAILED, task="tests.other")
    assert listed(client) == [failed.pk, amber.pk, running.pk]
    assert listed(client, "?status=live") == [running.pk]
    assert listed(client, "?status=troubled") == [amber.pk]
    assert listed(client, "?status=failed") == [failed.pk]
    assert listed(client, "?task=tests.other") == [failed.pk]
    assert listed(client, "?task=tests.other&status=live") == []
    assert len(listed(client, "?status=perhaps&task=no.such&page=99&whose=everyone")) == 3


def test_figures_link_to_the_rows_they_count(client, tester):
    make_job(tester, status=Status.RUNNING)
    make_job(tester, status=Status.SUCCEEDED, failed=2)
    make_job(tester, status=Status.FAILED)
    make_job(tester, status=Status.FAILED)
    facts = client.get(reverse("jobs:job_list")).context["facts"]
    assert [fact["value"] for fact in facts] == [4, 1, 1, 2]
    for fact in facts:
        page = client.get(fact["url"])
        assert page.context["page_obj"].paginator.count == fact["value"]


def test_others_jobs_are_for_staff(client, tester):
    mine = make_job(tester)
    foreign = make_job(make_tester("otto"))
    assert listed(client) == listed(client, "?whose=all") == [mine.pk]
    staff = client_of(make_admin("ada"))
    assert listed(staff) == []
    assert listed(staff, "?whose=all") == [foreign.pk, mine.pk]


def test_htmx_gets_the_part_alone(client, tester):
    make_job(tester)
    page = client.get(reverse("jobs:job_list"), headers={"HX-Request": "true"}).content.decode()
    assert "<table" in page
    assert "<html" not in page


def queries_of(client, url: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize("staff", [False, True])
def test_the_list_asks_as_much_for_1_as_for_300_jobs(tester, staff):
    user = make_admin("ada") if staff else tester
    client = client_of(user)
    url = reverse("jobs:job_list") + ("?whose=all" if staff else "")
    make_job(tester, status=Status.RUNNING)
    few = queries_of(client, url)
    owners = [make_tester(f"t{n}") for n in range(10)] if staff else [tester]
    Job.objects.bulk_create(
        Job(
            task="tests.example",
            queue="default",
            title="Example",
            owner=owners[n % len(owners)],
            status=list(Status)[n % 7],
        )
        for n in range(299)
    )
    assert queries_of(client, url) == few
    assert few <= 10


# -- one job ------------------------------------------------------------------------------


def test_the_page_tells_all_of_a_job(client, tester):
    worker = Worker.objects.create(cluster="c", queue="llm", host="host-7", pid=4711, pid_started=1)
    job = make_job(
        tester,
        status=Status.RUNNING,
        title="Recommend scope",
        worker=worker,
        arguments={"version_id": 12345678901234567890},
    )
    make_items(job, done=1, failed=1, pending=1)
    page = client.get(reverse("jobs:job_detail", args=[job.pk])).content.decode()
    for expected in (
        "Recommend scope",
        "host-7, pid 4711",
        "1 of 4",
        "The model gave no answer.",
        "Item 2",
        "Enqueue",
        "by tess",
        "12345678901234567890",
        reverse("jobs:job_cancel", args=[job.pk]),
    ):
        assert expected in page, expected
    assert "data-job-refresh" in page


def test_items_are_filtered_by_state(client, tester):
    job = make_job(tester, status=Status.SUCCEEDED)
    make_items(job, done=3, failed=2)
    url = reverse("jobs:job_detail", args=[job.pk])
    every = client.get(url).context["items"]
    assert [item.position for item in every] == [3, 4, 0, 1, 2], "failed first"
    assert len(client.get(url + "?items=failed").context["items"]) == 2
    assert "No item in this state" in client.get(url + "?items=pending").content.decode()
    assert len(client.get(url + "?items=perhaps").context["items"]) == 5


def test_the_page_asks_as_much_for_1_as_for_300_items(client, tester):
    few = make_job(tester, status=Status.SUCCEEDED)
    make_items(few, done=1)
    many = make_job(tester, status=Status.SUCCEEDED)
    make_items(many, done=290, failed=10)
    urls = [reverse("jobs:job_detail", args=[job.pk]) for job in (few, many)]
    queries_of(client, urls[0])
    assert queries_of(client, urls[0]) == queries_of(client, urls[1]) <= 12


def test_a_traceback_is_for_staff(client, tester):
    job = make_job(tester, status=Status.FAILED, error_code="x", error_detail="Traceback: secret")
    url = reverse("jobs:job_detail", args=[job.pk])
    assert "Traceback: secret" not in client.get(url).content.decode()
    assert "Traceback: secret" in client_of(make_admin("ada")).get(url).content.decode()


def test_foreign_jobs_are_not_found_and_no_login_leads_to_it(client, tester):
    foreign = make_job(make_tester("otto"))
    for name in ("job_detail", "job_bar", "job_cancel"):
        assert client.get(reverse(f"jobs:{name}", args=[foreign.pk])).status_code == 404
        assert Client().get(reverse(f"jobs:{name}", args=[foreign.pk])).status_code == 302
    for name in ("job_cancel", "job_retry"):
        assert client.post(reverse(f"jobs:{name}", args=[foreign.pk])).status_code == 404
    foreign.refresh_from_db()
    assert foreign.status == Status.QUEUED


def test_who_may_watch_sees_the_page_and_gets_403_for_the_rest(tester, declare):
    def shared(run):
        """Nothing to do."""

    friend = make_tester("fred")
    declare(shared, may_watch=lambda user, job: user.pk == friend.pk)
    job = make_job(tester, task="tests.shared", arguments={"secret": "42"})
    watching = client_of(friend)
    page = watching.get(reverse("jobs:job_detail", args=[job.pk])).content.decode()
    assert reverse("jobs:job_cancel", args=[job.pk]) not in page
    assert "secret" not in page
    assert watching.get(reverse("jobs:job_cancel", args=[job.pk])).status_code == 403
    assert watching.post(reverse("jobs:job_cancel", args=[job.pk])).status_code == 403
    assert watching.post(reverse("jobs:job_retry", args=[job.pk])).status_code == 403


def test_cancel_asks_first_and_then_does_it(client, tester, declare):
    def work(run):
        """Nothing to do."""

    job = enqueue(declare(work, title="Draft plan"), owner=tester)
    url = reverse("jobs:job_cancel", args=[job.pk])
    assert "Cancel “Draft plan”" in client.get(url).content.decode()
    job.refresh_from_db()
    assert job.status == Status.QUEUED
    page = client.post(url, follow=True)
    assert page.redirect_chain == [(reverse("jobs:job_detail", args=[job.pk]), 302)]
    assert "Draft plan: Cancelled." in page.content.decode()
    job.refresh_from_db()
    assert job.status == Status.CANCELLED
    assert "has already ended" in client.get(url).content.decode()


def test_a_refused_cancel_is_told_on_the_page(client, tester):
    job = make_job(tester, status=Status.SUCCEEDED)
    page = client.post(reverse("jobs:job_cancel", args=[job.pk]), follow=True)
    assert "can’t be cancelled" in page.content.decode().replace("&#x27;", "’").replace("'", "’")


def test_failed_items_are_tried_again_from_the_page(client, tester):
    job = make_job(tester, status=Status.SUCCEEDED)
    make_items(job, done=3, failed=2)
    page = client.post(reverse("jobs:job_retry", args=[job.pk]), follow=True)
    assert "queued again" in page.content.decode()
    job.refresh_from_db()
    assert (job.status, job.done, job.failed) == (Status.QUEUED, 3, 0)


# -- words --------------------------------------------------------------------------------


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
    words = [job_text.ago(now - timedelta(seconds=s)) for s in (1, 40, 200, 7300, 500000)]
    assert words == ["just now", "40 s ago", "3 min ago", "2 h ago", "5 d ago"]


# -- the admin ----------------------------------------------------------------------------


@pytest.fixture
def superuser(django_user_model):
    return django_user_model.objects.create_superuser("root", "root@example.com", "x")


def test_the_admin_shows_jobs_and_changes_nothing(superuser, tester):
    admin = client_of(superuser)
    job = make_job(tester, status=Status.SUCCEEDED)
    item = make_items(job, done=1)[0]
    event = job.events.get()
    worker = Worker.objects.create(cluster="c", queue="llm", host="h", pid=1, pid_started=1)
    for row in (job, item, event, worker):
        name = row._meta.model_name
        assert admin.get(reverse(f"admin:jobs_{name}_changelist")).status_code == 200
        change = reverse(f"admin:jobs_{name}_change", args=[row.pk])
        assert admin.get(change).status_code == 200
        assert admin.post(change, {"status": "failed"}).status_code == 403
        assert admin.get(reverse(f"admin:jobs_{name}_add")).status_code == 403
        assert admin.post(reverse(f"admin:jobs_{name}_delete", args=[row.pk])).status_code == 403
    job.refresh_from_db()
    assert job.status == Status.SUCCEEDED


def test_the_admin_cancels_and_retries_by_the_same_services(superuser, tester):
    admin = client_of(superuser)
    queued, failed, done = (
        make_job(tester, status=status)
        for status in (Status.QUEUED, Status.FAILED, Status.SUCCEEDED)
    )
    url = reverse("admin:jobs_job_changelist")
    for action in ("cancel_jobs", "retry_jobs"):
        chosen = [queued.pk, done.pk] if action == "cancel_jobs" else [failed.pk, done.pk]
        page = admin.post(url, {"action": action, "_selected_action": chosen}, follow=True)
        told = [str(message) for message in page.context["messages"]]
        assert len(told) == 2, told
        assert "1 job(s)" in told[1]
    assert [job.events.count() for job in (queued, failed, done)] == [2, 2, 1]
    assert queued.events.last().actor == superuser
    states = dict(Job.objects.values_list("pk", "status"))
    assert states == {queued.pk: "cancelled", failed.pk: "queued", done.pk: "succeeded"}
