"""REST of jobs: follow, cancel, run again; one shape, honest headers, foreign jobs unknown."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from jobs import enqueue, selectors
from jobs.models import Job
from jobs.serializers import JobSerializer
from jobs.states import Status
from tests.factories.accounts import make_admin, make_tester
from tests.factories.jobs import make_items, make_job

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/jobs/"


@pytest.fixture
def tester():
    return make_tester("tess")


def client_of(user) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


@pytest.fixture
def client(tester):
    return client_of(tester)


@pytest.fixture
def admin_client():
    return client_of(make_admin("ada"))


def problem(response, status: int, code: str) -> dict:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["code"]) == (status, code)
    return body


def test_a_live_job_is_its_snapshot_with_etag_and_retry_after(client, tester):
    job = make_job(tester, status=Status.RUNNING, total=118, done=115, failed=1)
    response = client.get(f"{ROOT}{job.pk}/")
    assert response.status_code == 200
    assert response.json() == selectors.snapshot(job)
    assert response["ETag"] == '"1"'
    assert response["Retry-After"] == "2"
    assert (response.json()["progress"], response.json()["failed"]) == (98, 1)


def test_the_document_names_every_field_of_the_snapshot(tester):
    assert list(JobSerializer().fields) == list(selectors.snapshot(make_job(tester)))


def test_an_ended_job_asks_nobody_to_come_back(client, tester):
    job = make_job(tester, status=Status.FAILED, error_code="worker_lost", error_message="It died.")
    response = client.get(f"{ROOT}{job.pk}/")
    assert "Retry-After" not in response
    assert response.json()["error"] == {"code": "worker_lost", "message": "It died."}


def test_a_waiting_job_says_when_it_goes_on(client, tester):
    soon = timezone.now() + timedelta(seconds=50)
    job = make_job(tester, status=Status.WAITING, run_after=soon, message="Rate limit.")
    response = client.get(f"{ROOT}{job.pk}/")
    assert 10 <= int(response["Retry-After"]) <= 51
    assert response.json()["message"] == "Rate limit."
    Job.objects.filter(pk=job.pk).update(run_after=soon + timedelta(days=1))
    assert client.get(f"{ROOT}{job.pk}/")["Retry-After"] == "60"


def test_an_unchanged_job_is_not_sent_again(client, tester):
    job = make_job(tester)
    etag = client.get(f"{ROOT}{job.pk}/")["ETag"]
    same = client.get(f"{ROOT}{job.pk}/", headers={"If-None-Match": etag})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", etag)
    Job.objects.filter(pk=job.pk).update(version=2)
    assert client.get(f"{ROOT}{job.pk}/", headers={"If-None-Match": etag}).status_code == 200


def test_foreign_and_missing_jobs_look_the_same(client, tester):
    foreign = make_job(make_tester("otto"))
    for method, path in [
        ("get", ""),
        ("get", "items/"),
        ("get", "events/"),
        ("post", "cancel/"),
        ("post", "pause/"),
        ("post", "resume/"),
        ("post", "retry/"),
        ("post", "seen/"),
    ]:
        answers = [
            problem(getattr(client, method)(f"{ROOT}{pk}/{path}"), 404, "not_found")["detail"]
            for pk in (foreign.pk, 987654321, 10**25)
        ]
        assert len(set(answers)) == 1
    foreign.refresh_from_db()
    assert foreign.status == Status.QUEUED


def test_without_a_login_401(tester):
    job = make_job(tester)
    assert APIClient().get(ROOT).status_code == 401
    for path in (f"{job.pk}/cancel/", f"{job.pk}/pause/", "bulk/", "seen/"):
        assert APIClient().post(ROOT + path).status_code == 401


def test_who_may_watch_but_not_control_gets_403(tester, declare):
    def shared(run):
        """Nothing to do."""

    friend = make_tester("fred")
    declare(shared, may_watch=lambda user, job: user.pk == friend.pk)
    job = make_job(tester, task="tests.shared")
    watching = client_of(friend)
    assert watching.get(f"{ROOT}{job.pk}/").status_code == 200
    problem(watching.post(f"{ROOT}{job.pk}/cancel/"), 403, "permission_denied")
    job.refresh_from_db()
    assert not job.cancel_requested


def test_a_queued_job_is_cancelled_at_once_and_a_second_time_refused(client, tester, declare):
    def work(run):
        """Nothing to do."""

    job = enqueue(declare(work), owner=tester)
    response = client.post(f"{ROOT}{job.pk}/cancel/")
    assert response.status_code == 202
    assert response["Location"].endswith(f"{ROOT}{job.pk}/")
    assert response.json()["status"] == "cancelled"
    problem(client.post(f"{ROOT}{job.pk}/cancel/"), 409, "illegal_move")


def test_a_running_job_is_asked_to_stop(client, tester):
    job = make_job(tester, status=Status.RUNNING)
    body = client.post(f"{ROOT}{job.pk}/cancel/").json()
    assert (body["status"], body["cancel_requested"], body["can_cancel"]) == (
        "running",
        True,
        False,
    )
    assert job.events.filter(name="ask_cancel", actor=tester).count() == 1


@pytest.mark.parametrize("status", [Status.SUCCEEDED, Status.FAILED, Status.CANCELLED])
def test_a_final_job_is_not_cancelled(client, tester, status):
    job = make_job(tester, status=status)
    problem(client.post(f"{ROOT}{job.pk}/cancel/"), 409, "illegal_move")


def test_staff_see_and_control_all(admin_client, tester):
    job = make_job(tester)
    assert [row["id"] for row in admin_client.get(ROOT).json()["results"]] == [job.pk]
    assert admin_client.get(f"{ROOT}?mine=true").json()["results"] == []
    assert admin_client.post(f"{ROOT}{job.pk}/cancel/").status_code == 202


def test_failed_items_are_run_again_and_the_done_ones_stay(client, tester):
    job = make_job(tester, status=Status.SUCCEEDED)
    make_items(job, done=3, failed=2)
    response = client.post(f"{ROOT}{job.pk}/retry/", {"only_failed": True}, format="json")
    assert response.status_code == 202
    assert (response.json()["status"], response.json()["done"]) == ("queued", 3)
    assert sorted(job.items.values_list("status", flat=True)) == ["done"] * 3 + ["pending"] * 2


def test_a_failed_job_without_items_is_run_again_as_a_whole(client, tester):
    job = make_job(tester, status=Status.FAILED)
    refused = client.post(f"{ROOT}{job.pk}/retry/", {"only_failed": True}, format="json")
    problem(refused, 409, "nothing_to_retry")
    assert client.post(f"{ROOT}{job.pk}/retry/").json()["status"] == "queued"


def test_what_was_not_tried_is_not_run_as_if_it_had_failed(client, tester):
    job = make_job(tester, status=Status.CANCELLED)
    make_items(job, done=1, failed=2, pending=5)
    refused = client.post(f"{ROOT}{job.pk}/retry/", {"only_failed": True}, format="json")
    assert "5 of 8 are left" in problem(refused, 409, "items_untried")["detail"]
    assert client.post(f"{ROOT}{job.pk}/retry/").json()["status"] == "queued"
    assert job.items.filter(status="pending").count() == 7


def test_a_wholly_done_or_live_job_is_not_run_again(client, tester):
    for status in (Status.SUCCEEDED, Status.RUNNING, Status.QUEUED):
        job = make_job(tester, status=status)
        problem(client.post(f"{ROOT}{job.pk}/retry/"), 409, "illegal_move")


def test_a_wrong_field_is_named(client, tester):
    job = make_job(tester, status=Status.FAILED)
    response = client.post(f"{ROOT}{job.pk}/retry/", {"only_failed": "perhaps"}, format="json")
    assert problem(response, 400, "invalid")["errors"][0]["pointer"] == "/only_failed"


def test_a_repeated_request_with_its_key_takes_effect_once(client, tester):
    job = make_job(tester, status=Status.FAILED)
    key = {"Idempotency-Key": "retry-1"}
    first = client.post(f"{ROOT}{job.pk}/retry/", headers=key)
    again = client.post(f"{ROOT}{job.pk}/retry/", headers=key)
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json() == first.json()
    assert job.events.filter(name="retry").count() == 1


def test_items_come_in_pages_with_their_errors_and_without_their_payload(client, tester):
    job = make_job(tester, status=Status.SUCCEEDED)
    make_items(job, done=3, failed=2)
    first = client.get(f"{ROOT}{job.pk}/items/?page_size=4").json()
    second = client.get(first["next"]).json()
    assert [item["position"] for item in first["results"] + second["results"]] == [0, 1, 2, 3, 4]
    failed = client.get(f"{ROOT}{job.pk}/items/?status=failed").json()["results"]
    assert [item["error_message"] for item in failed] == ["The model gave no answer."] * 2
    assert "payload" not in failed[0]
    problem(client.get(f"{ROOT}{job.pk}/items/?status=perhaps"), 400, "invalid")


def test_the_list_filters_and_pages_newest_first(client, tester):
    make_job(make_tester("otto"))
    mine = [make_job(tester, task=f"tests.kind{n % 2}") for n in range(5)]
    mine.append(make_job(tester, status=Status.FAILED))

    def ids(query: str) -> list[int]:
        return [row["id"] for row in client.get(ROOT + query).json()["results"]]

    assert ids("") == [job.pk for job in reversed(mine)]
    assert ids("?status=failed") == [mine[-1].pk]
    assert len(ids("?status=failed&status=queued")) == 6
    assert ids("?task=tests.kind1") == [mine[3].pk, mine[1].pk]
    page = client.get(f"{ROOT}?page_size=4").json()
    assert (len(page["results"]), page["previous"]) == (4, None)
    assert len(client.get(page["next"]).json()["results"]) == 2
    problem(client.get(f"{ROOT}?status=perhaps"), 400, "invalid")
    problem(client.get(f"{ROOT}?cursor=garbage"), 404, "not_found")


def test_the_number_of_queries_does_not_grow(client, tester, django_assert_num_queries):
    make_job(tester)
    with CaptureQueriesContext(connection) as one:
        client.get(f"{ROOT}?page_size=300")
    Job.objects.bulk_create(
        Job(task="tests.example", queue="default", title="Example", owner=tester)
        for _ in range(299)
    )
    with django_assert_num_queries(len(one)):
        assert len(client.get(f"{ROOT}?page_size=300").json()["results"]) == 300
