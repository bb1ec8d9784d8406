"""REST: jobs are paused, resumed and acted on together; ends are noted as seen."""

import pytest
from rest_framework.test import APIClient

from jobs import acting, enqueue
from jobs.models import Job
from jobs.states import Status
from tests.factories.accounts import make_admin, make_tester
from tests.factories.jobs import make_job

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/jobs/"


@pytest.fixture
def tester():
    return make_tester("tess")


@pytest.fixture
def client(tester):
    return client_of(tester)


def client_of(user) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def bulk(client, action: str, *ids: int, **options):
    return client.post(f"{ROOT}bulk/", {"action": action, "ids": ids}, format="json", **options)


def test_a_queued_job_is_paused_and_resumed(client, tester, declare):
    def work(run):
        """Nothing to do."""

    job = enqueue(declare(work), owner=tester)
    paused = client.post(f"{ROOT}{job.pk}/pause/")
    assert (paused.status_code, paused.json()["status"]) == (202, "paused")
    assert paused["Location"].endswith(f"{ROOT}{job.pk}/")
    assert (paused.json()["can_pause"], paused.json()["can_resume"]) == (False, True)
    again = client.post(f"{ROOT}{job.pk}/pause/")
    assert (again.status_code, again.json()["code"]) == (409, "illegal_move")
    resumed = client.post(f"{ROOT}{job.pk}/resume/")
    assert (resumed.status_code, resumed.json()["status"]) == (202, "queued")


def test_a_running_job_is_asked_to_pause_and_the_request_withdrawn(client, tester):
    job = make_job(tester, status=Status.RUNNING)
    asked = client.post(f"{ROOT}{job.pk}/pause/").json()
    assert (asked["status"], asked["status_label"]) == ("running", "Pausing")
    withdrawn = client.post(f"{ROOT}{job.pk}/resume/").json()
    assert withdrawn["status_label"] == "Running"
    assert client.post(f"{ROOT}{job.pk}/resume/").status_code == 409


def test_each_of_many_has_its_own_answer_in_the_order_asked(client, tester):
    queued, ended, foreign = (
        make_job(tester),
        make_job(tester, status=Status.SUCCEEDED),
        make_job(make_tester("otto")),
    )
    response = bulk(client, "cancel", ended.pk, foreign.pk, queued.pk, ended.pk)
    assert response.status_code == 207
    rows = response.json()["results"]
    assert [(row["id"], row["status"]) for row in rows] == [
        (ended.pk, 409),
        (foreign.pk, 404),
        (queued.pk, 202),
    ]
    assert rows[2]["job"]["status"] == "cancelled"
    assert [row["problem"]["code"] for row in rows[:2]] == ["illegal_move", "not_found"]
    alone = client.post(f"{ROOT}{ended.pk}/cancel/").json()
    told = rows[0]["problem"]
    assert {**told, "request_id": "", "instance": ""} == {**alone, "request_id": "", "instance": ""}
    foreign.refresh_from_db()
    assert foreign.status == Status.QUEUED


def test_where_none_is_refused_the_answer_is_200(client, tester):
    jobs = [make_job(tester) for _ in range(3)]
    response = bulk(client, "pause", *(job.pk for job in jobs))
    assert response.status_code == 200
    assert [row["job"]["status"] for row in response.json()["results"]] == ["paused"] * 3
    assert all(row["problem"] is None for row in response.json()["results"])


def test_a_repeated_bulk_request_with_its_key_takes_effect_once(client, tester):
    jobs = [make_job(tester, status=Status.FAILED), make_job(tester, status=Status.QUEUED)]
    key = {"Idempotency-Key": "bulk-1"}
    first = bulk(client, "retry", *(job.pk for job in jobs), headers=key)
    again = bulk(client, "retry", *(job.pk for job in jobs), headers=key)
    assert (first.status_code, again.status_code) == (207, 207)
    assert again.json() == first.json()
    assert jobs[0].events.filter(name="retry").count() == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"action": "delete", "ids": [1]}, "/action"),
        ({"action": "pause"}, "/ids"),
        ({"action": "pause", "ids": []}, "/ids"),
        ({"action": "pause", "ids": ["one"]}, "/ids/0"),
        ({"action": "pause", "ids": [10**20]}, "/ids/0"),
        ({"action": "pause", "ids": list(range(1, acting.MOST + 2))}, "/ids"),
    ],
)
def test_a_wrong_bulk_request_is_refused_as_a_whole(client, tester, body, pointer):
    job = make_job(tester)
    response = client.post(f"{ROOT}bulk/", body, format="json")
    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == pointer
    job.refresh_from_db()
    assert job.status == Status.QUEUED


def test_staff_act_on_jobs_of_all_and_who_only_watches_on_none(tester, declare):
    def shared(run):
        """Nothing to do."""

    friend = make_tester("fred")
    declare(shared, may_watch=lambda user, job: user.pk == friend.pk)
    job = make_job(tester, task="tests.shared")
    for act in ("pause", "resume", "cancel", "retry"):
        refused = client_of(friend).post(f"{ROOT}{job.pk}/{act}/")
        assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    row = bulk(client_of(friend), "pause", job.pk).json()["results"][0]
    assert (row["status"], row["problem"]["code"]) == (403, "permission_denied")
    assert bulk(client_of(make_admin("ada")), "pause", job.pk).status_code == 200


def test_an_end_is_noted_as_seen_by_its_owner_alone(client, tester, declare):
    def shared(run):
        """Nothing to do."""

    friend = make_tester("fred")
    declare(shared, may_watch=lambda user, job: user.pk == friend.pk)
    ended = make_job(tester, task="tests.shared", status=Status.FAILED)
    live = make_job(tester, status=Status.RUNNING)
    assert client_of(friend).post(f"{ROOT}{ended.pk}/seen/").status_code == 403
    assert client.post(f"{ROOT}{live.pk}/seen/").status_code == 409
    unseen = client.get(f"{ROOT}?status=unseen").json()["results"]
    assert [row["id"] for row in unseen] == [ended.pk]
    for _ in range(2):
        assert client.post(f"{ROOT}{ended.pk}/seen/").status_code == 204
    assert client.get(f"{ROOT}?status=unseen").json()["results"] == []


def test_all_ends_are_noted_together(client, tester):
    make_job(make_tester("otto"), status=Status.FAILED)
    for status in (Status.FAILED, Status.SUCCEEDED, Status.RUNNING):
        make_job(tester, status=status)
    assert client.post(f"{ROOT}seen/").json() == {"marked": 2}
    assert client.post(f"{ROOT}seen/").json() == {"marked": 0}
    assert Job.objects.filter(seen_at=None, status=Status.FAILED).count() == 1
