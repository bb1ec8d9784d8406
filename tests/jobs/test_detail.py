"""The page of one job: what it tells, what it offers, and to whom."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jobs import control, enqueue, timeline
from jobs.models import JobEvent, Worker
from jobs.states import Status
from tests.factories.accounts import make_admin, make_tester
from tests.factories.jobs import make_items, make_job

pytestmark = pytest.mark.django_db
ACTS = ("cancel", "pause", "resume", "retry")


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def tester():
    return make_tester("tess")


@pytest.fixture
def client(tester):
    return client_of(tester)


def page_of(client, job, query: str = "") -> str:
    response = client.get(reverse("jobs:job_detail", args=[job.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def offered(client, job) -> set[str]:
    """What one may do to the job by the buttons above it."""
    actions = page_of(client, job).partition('id="job-actions"')[2].partition("</div>")[0]
    return {name for name in ACTS if reverse(f"jobs:job_{name}", args=[job.pk]) in actions}


def queries_of(client, url: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_the_page_tells_all_of_a_job(client, tester):
    worker = Worker.objects.create(cluster="c", queue="llm", host="host-7", pid=4711, pid_started=1)
    job = make_job(
        tester,
        status=Status.RUNNING,
        title="Recommend scope",
        worker=worker,
        arguments={"version_id": 12345678901234567890},
        subject_label="FR Y-14M",
    )
    make_items(job, done=1, failed=1, pending=1)
    page = client.get(reverse("jobs:job_detail", args=[job.pk])).content.decode()
    for expected in (
        "Recommend scope",
        "host-7, pid 4711",
        "1 of 4",
        "The model gave no answer.",
        "Item 2",
        "Queued",
        "by tess",
        "FR Y-14M",
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
    for url in urls:
        queries_of(client, url)  # the first look takes the unread mark away
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
    assert "Queued again" in page.content.decode()
    job.refresh_from_db()
    assert (job.status, job.done, job.failed) == (Status.QUEUED, 3, 0)


@pytest.mark.parametrize(
    ("status", "fields", "acts"),
    [
        (Status.QUEUED, {}, {"cancel", "pause"}),
        (Status.RUNNING, {}, {"cancel", "pause"}),
        (Status.WAITING, {}, {"cancel", "pause"}),
        (Status.PAUSED, {}, {"cancel", "resume"}),
        (Status.RUNNING, {"pause_requested_at": timezone.now()}, {"cancel", "resume"}),
        (Status.RUNNING, {"cancel_requested_at": timezone.now()}, set()),
        (Status.SUCCEEDED, {}, set()),
        (Status.SUCCEEDED, {"failed": 1}, {"retry"}),
        (Status.FAILED, {}, {"retry"}),
        (Status.CANCELLED, {}, {"retry"}),
    ],
)
def test_what_is_allowed_is_offered(client, tester, status, fields, acts):
    assert offered(client, make_job(tester, status=status, **fields)) == acts


def test_a_job_is_paused_and_resumed_from_its_page(client, tester, declare):
    def work(run):
        """Nothing to do."""

    job = enqueue(declare(work, title="Draft plan"), owner=tester)
    page = client.post(reverse("jobs:job_pause", args=[job.pk]), follow=True).content.decode()
    assert "Draft plan: Paused." in page
    assert "Paused since" in page
    assert page.count("by tess") >= 2, "who paused it, in the details and in what happened"
    page = client.post(reverse("jobs:job_resume", args=[job.pk]), follow=True).content.decode()
    assert "Draft plan: Queued again." in page
    assert "Paused since" not in page
    refused = client.post(reverse("jobs:job_resume", args=[job.pk]))
    assert refused.status_code == 409


def test_a_running_job_is_asked_to_pause_and_the_pause_may_be_withdrawn(client, tester):
    job = make_job(tester, status=Status.RUNNING)
    page = client.post(reverse("jobs:job_pause", args=[job.pk]), follow=True).content.decode()
    assert "Pausing: it stops after what is in hand." in page
    page = client.post(reverse("jobs:job_resume", args=[job.pk]), follow=True).content.decode()
    assert "Goes on." in page
    assert "Pause withdrawn" in page


def test_a_look_of_the_owner_takes_the_unread_mark_away(client, tester):
    job = make_job(tester, status=Status.FAILED)
    page_of(client_of(make_admin("ada")), job)
    job.refresh_from_db()
    assert job.seen_at is None
    page_of(client, job)
    job.refresh_from_db()
    assert job.seen_at is not None


def test_a_waiting_job_says_until_when_and_why(client, tester):
    until = timezone.now().replace(year=2050, microsecond=0)
    job = make_job(tester, status=Status.WAITING, run_after=until, message="Rate limit.")
    page = page_of(client, job)
    assert "Goes on at" in page
    assert f"{until:%Y-%m-%d %H:%M:%S}" in page
    assert "Rate limit." in page
    job = make_job(tester, status=Status.WAITING, run_after=until, attempt=0)
    assert "Starts at" in page_of(client, job)


def test_what_the_project_knows_is_told(client, tester, settings):
    settings.JOBS = settings.JOBS | {"FACTS": "tests.jobs.test_detail.knows"}
    page = page_of(client, make_job(tester))
    assert "<dt>Tokens</dt><dd>12 for tess</dd>" in page
    assert '<dt>Calls</dt><dd><a href="/calls/">3</a></dd>' in page


def knows(job, user):
    return [("Tokens", f"12 for {user.username}", ""), ("Calls", "3", "/calls/")]


def test_thousands_of_events_come_in_parts_with_one_query(client, tester):
    job = make_job(tester, status=Status.RUNNING)
    few = page_of(client, job)
    assert "Earlier events" not in few
    JobEvent.objects.bulk_create(
        JobEvent(job=job, name=name, before="running", after=after, actor=tester)
        for _ in range(150)
        for name, after in (("hold", "waiting"), ("claim", "running"))
    )
    url = reverse("jobs:job_detail", args=[job.pk])
    response = client.get(url)
    history = response.context["history"]
    assert len(history.happenings) == timeline.ROWS
    assert history.happenings[-1].event.pk == job.events.latest("pk").pk
    earlier = client.get(url, {"until": history.earlier}).context["history"]
    assert earlier.happenings[-1].event.pk < history.happenings[0].event.pk
    assert history.happenings[0].since is not None
    shown = client.get(url, {"until": "perhaps"}).context["history"].happenings
    assert [each.event.pk for each in shown] == [each.event.pk for each in history.happenings]


def test_a_job_told_to_go_on_twice_is_refused_in_words(client, tester):
    job = make_job(tester, status=Status.PAUSED)
    control.resume(job, actor=tester)
    page = client.post(
        reverse("jobs:job_resume", args=[job.pk]),
        headers={"Referer": "http://testserver" + reverse("jobs:job_detail", args=[job.pk])},
        follow=True,
    ).content.decode()
    assert f"A job that is queued can&#x27;t be resumed (job {job.pk})." in page


def test_without_items_what_happened_stands_in_the_middle_else_in_the_panel(client, tester):
    plain, itemised = make_job(tester), make_job(tester)
    make_items(itemised, done=1, pending=1)
    for job, in_panel in ((plain, False), (itemised, True)):
        page = page_of(client, job)
        assert page.count("What happened") == 1
        assert (page.index("What happened") > page.index('aria-label="Details"')) == in_panel
    assert "No item in this state" in page_of(client, plain, "?items=failed")
