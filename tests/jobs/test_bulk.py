"""Many jobs at once: each has its own result, in the order chosen, and none stops another."""

import pytest
from django.test import Client
from django.urls import reverse

from jobs import acting, enqueue
from jobs.models import Job
from jobs.states import Status
from tests.factories.accounts import make_admin, make_tester
from tests.factories.jobs import make_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def tester():
    return make_tester("tess")


@pytest.fixture
def client(tester):
    return client_of(tester)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def press(client, action: str, jobs=(), query: str = "", **fields):
    """What the list sends when this button is pressed with these rows ticked."""
    sent = {"action": action, "item": [getattr(job, "pk", job) for job in jobs]} | fields
    return client.post(reverse("jobs:job_bulk") + query, sent)


def results(response) -> list[tuple[int, str]]:
    """Job and result of each row, as the page lists them."""
    assert response.status_code == 200
    return [
        (each.job_id, each.refusal.code if each.refusal else each.said)
        for each in response.context["outcomes"]
    ]


def statuses(jobs) -> list[str]:
    found = Job.objects.in_bulk([job.pk for job in jobs])
    return [str(found[job.pk].status) for job in jobs]


def test_each_job_has_its_result_in_the_order_chosen_and_a_refusal_stops_none(client, tester):
    queued, ended, foreign, running = (
        make_job(tester),
        make_job(tester, status=Status.SUCCEEDED),
        make_job(make_tester("otto")),
        make_job(tester, status=Status.RUNNING),
    )
    response = press(client, "pause", [ended, queued, foreign, 987654321, running, queued])
    assert results(response) == [
        (ended.pk, "illegal_move"),
        (queued.pk, "Paused"),
        (foreign.pk, "not_found"),
        (987654321, "not_found"),
        (running.pk, "Pausing: it stops after what is in hand"),
    ]
    assert statuses([queued, ended, foreign]) == ["paused", "succeeded", "queued"]
    page = response.content.decode()
    assert "1 paused" in page
    assert "3 refused" in page
    assert "A job that is done can&#x27;t be paused" in page
    assert page.count("<tr data-row") == 5


def test_the_title_of_a_foreign_job_is_not_told(client):
    secret = make_job(make_tester("otto"), title="Secret work")
    assert "Secret work" not in press(client, "pause", [secret]).content.decode()
    asked = press(client, "cancel", [secret])
    assert "Secret work" not in asked.content.decode()


def test_who_may_watch_but_not_control_is_told_so(tester, declare):
    def shared(run):
        """Nothing to do."""

    friend = make_tester("fred")
    declare(shared, may_watch=lambda user, job: user.pk == friend.pk)
    job = make_job(tester, task="tests.shared")
    assert results(press(client_of(friend), "pause", [job])) == [(job.pk, "permission_denied")]
    assert statuses([job]) == ["queued"]


def test_cancel_asks_first_naming_the_first_few(client, tester):
    jobs = [make_job(tester, title=f"Work {number}") for number in range(7)]
    response = press(client, "cancel", jobs, "?status=live")
    page = response.content.decode()
    assert "Cancel these 7 jobs?" in page
    assert "and 2 more" in page
    assert page.count('name="item"') == 7
    assert "can't be cancelled" not in page
    assert statuses(jobs) == ["queued"] * 7
    ended = make_job(tester, status=Status.FAILED, title="Ended work")
    page = press(client, "cancel", [ended, jobs[0]]).content.decode()
    assert "1 of them can't be cancelled" in page
    assert "Ended work" not in page
    response = press(client, "cancel", jobs[:2], "?status=live", sure="on")
    assert [said for _, said in results(response)] == ["Cancelled", "Cancelled"]
    assert statuses(jobs)[:3] == ["cancelled", "cancelled", "queued"]
    assert reverse("jobs:job_list") + "?status=live" in response.content.decode()


def test_retry_and_resume_do_their_work(client, tester, declare):
    def work(run):
        """Nothing to do."""

    failed = make_job(tester, status=Status.FAILED)
    paused = enqueue(declare(work), owner=tester)
    assert results(press(client, "pause", [paused])) == [(paused.pk, "Paused")]
    assert results(press(client, "resume", [paused])) == [(paused.pk, "Queued again")]
    assert results(press(client, "retry", [failed])) == [(failed.pk, "Queued again")]
    assert statuses([paused, failed]) == ["queued", "queued"]


def test_all_that_fit_the_filter_are_those_it_makes_sense_for(client, tester):
    first = make_job(tester, status=Status.FAILED, title="Draft one")
    make_job(tester, status=Status.SUCCEEDED, title="Draft two")
    make_job(tester, status=Status.FAILED, title="Another")
    make_job(make_tester("otto"), status=Status.FAILED, title="Draft three")
    response = press(client, "retry", query="?search=draft", matching="on")
    assert results(response) == [(first.pk, "Queued again")]
    nothing = press(client, "resume", query="?search=draft", matching="on")
    assert "Nothing to do" in nothing.content.decode()


def test_all_that_fit_are_bounded_and_what_is_left_is_told(client, tester, monkeypatch):
    monkeypatch.setattr(acting, "MOST", 2)
    jobs = [make_job(tester) for _ in range(5)]
    asked = press(client, "cancel", matching="on").content.decode()
    assert "3 more fit the filter" in asked
    response = press(client, "pause", matching="on")
    assert [job for job, _ in results(response)] == [jobs[4].pk, jobs[3].pk]
    assert "3 more fit the filter" in response.content.decode()
    assert [job for job, _ in results(press(client, "pause", matching="on"))] == [
        jobs[2].pk,
        jobs[1].pk,
    ]


def test_staff_act_on_the_jobs_of_all(tester):
    job = make_job(tester)
    staff = client_of(make_admin("ada"))
    assert results(press(staff, "pause", [job])) == [(job.pk, "Paused")]
    assert results(press(staff, "resume", query="?whose=all", matching="on")) == [
        (job.pk, "Queued again")
    ]


@pytest.mark.parametrize(
    ("action", "items", "query", "fields", "reason"),
    [
        ("delete", [1], "", {}, "Select a valid choice"),
        ("pause", [], "", {}, "Tick the jobs that you mean."),
        ("pause", ["one"], "", {}, "Select a valid choice"),
        ("pause", ["9" * 30], "", {}, ""),
        ("pause", range(1, acting.MOST + 2), "", {}, "At most 500 jobs at a time."),
        ("pause", [], "?created_from=soon", {"matching": "on"}, "Created from"),
    ],
)
def test_what_cannot_be_understood_is_refused_as_a_whole(
    client, tester, action, items, query, fields, reason
):
    job = make_job(tester)
    response = press(client, action, items, query, **fields)
    assert response.status_code == (400 if reason else 200)
    assert reason in response.content.decode()
    assert statuses([job]) == ["queued"]


def test_the_list_offers_it_for_ticked_rows_and_for_all(client, tester):
    job = make_job(tester)
    page = client.get(reverse("jobs:job_list") + "?status=queued").content.decode()
    assert f'action="{reverse("jobs:job_bulk")}?status=queued"' in page
    assert f'name="item" value="{job.pk}" form="bulk"' in page
    assert "all 1 that fit the filter" in page
    for action in acting.ACTIONS:
        assert f'name="action" value="{action}"' in page
