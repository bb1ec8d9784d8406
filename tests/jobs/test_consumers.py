"""Sockets through the real ASGI application: snapshots, rights, close codes, no stale state."""

import asyncio
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.utils import timezone

from jobs import control, enqueue
from jobs.live import current_hub, rights
from jobs.models import Job
from jobs.serializers import JobSerializer
from jobs.states import Status
from jobs.testing import run_pending
from tests.factories.accounts import make_admin, make_tester
from tests.factories.jobs import change_job, make_job
from tests.jobs.sockets import (
    PATIENCE,
    close_code,
    communicator,
    frame,
    frame_where,
    in_thread,
    kill_backend,
    listening,
    opened,
    signed_in,
    stop,
    until,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tester(transactional_db):
    return make_tester("tess")


@pytest.fixture
def cookie(tester):
    return signed_in(tester)


@pytest.fixture
def job(tester):
    return make_job(tester, status=Status.RUNNING, total=10, done=3)


@pytest.fixture
async def hub():
    hub = current_hub()
    await listening(hub)
    yield hub
    await stop(hub)


@pytest.fixture
def checks_often(settings):
    settings.JOBS = settings.JOBS | {"LIVE_RECHECK": 0.2}


def path(job: Job) -> str:
    return f"/ws/jobs/{job.pk}/"


async def test_a_snapshot_on_connect_then_one_a_change_then_closed_at_the_end(hub, job, cookie):
    async with opened(path(job), cookie) as socket:
        first = await frame(socket)
        assert (first["id"], first["status"], first["done"], first["progress"]) == (
            job.pk,
            "running",
            3,
            30,
        )
        await in_thread(change_job)(job, done=4)
        second = await frame(socket)
        assert (second["done"], second["version"]) == (4, first["version"] + 1)
        await in_thread(change_job)(job, done=10, status=Status.SUCCEEDED)
        last = await frame(socket)
        assert (last["status"], last["progress"]) == ("succeeded", 100)
        assert await close_code(socket) == 1000
    assert hub.watching == 0


async def test_a_socket_says_what_rest_says(hub, job, cookie):
    async with opened(path(job), cookie) as socket:
        assert await frame(socket) == await in_thread(lambda: JobSerializer(job).data)()


async def test_an_ended_job_is_told_once_and_closed(hub, tester, cookie):
    ended = await in_thread(make_job)(tester, status=Status.FAILED, error_code="worker_lost")
    async with opened(path(ended), cookie) as socket:
        assert (await frame(socket))["error"]["code"] == "worker_lost"
        assert await close_code(socket) == 1000


async def test_a_real_run_is_followed_to_its_end(hub, tester, cookie, declare):
    def count(run, *, steps: int):
        for step in range(steps):
            run.step(f"step {step}")

    task = declare(count)
    job = await in_thread(lambda: enqueue(task, owner=tester, steps=3))()
    async with opened(path(job), cookie) as socket:
        assert (await frame(socket))["status"] == "queued"
        await in_thread(run_pending)()
        assert (await frame_where(socket, lambda f: f["status"] == "succeeded"))["version"] > 1
        assert await close_code(socket) == 1000


async def test_a_cancelled_queued_job_ends_the_socket(hub, tester, cookie):
    job = await in_thread(make_job)(tester)
    async with opened(path(job), cookie) as socket:
        await frame(socket)
        await in_thread(control.cancel)(job, actor=tester)
        assert (await frame(socket))["status"] == "cancelled"
        assert await close_code(socket) == 1000


async def test_without_a_session_4401(hub, job):
    async with opened(path(job)) as socket:
        assert await close_code(socket) == 4401
    async with opened("/ws/jobs/", "sessionid=made-up") as socket:
        assert await close_code(socket) == 4401


async def test_a_foreign_job_4403(hub, job):
    other = await in_thread(lambda: signed_in(make_tester("otto")))()
    async with opened(path(job), other) as socket:
        assert await close_code(socket) == 4403
    assert hub.watching == 0


async def test_no_such_job_4404_and_no_such_address_4404(hub, cookie):
    for missing in ("/ws/jobs/987654321/", "/ws/nothing/", "/ws/jobs/x/"):
        async with opened(missing, cookie) as socket:
            assert await close_code(socket) == 4404


async def test_a_number_no_job_can_have_4404(hub, cookie):
    async with opened(f"/ws/jobs/{10**30}/", cookie) as socket:
        assert await close_code(socket) == 4404


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
async def test_another_origin_is_refused_before_anything_is_said(job, cookie, origin):
    accepted, _ = await communicator(path(job), cookie, origin).connect(timeout=PATIENCE)
    assert not accepted


async def test_whom_the_task_admits_and_staff_may_watch(hub, tester, declare):
    def shared(run):
        """Nothing to do."""

    friend = await in_thread(make_tester)("fred")
    declare(shared, may_watch=lambda user, job: user.pk == friend.pk)
    job = await in_thread(make_job)(tester, task="tests.shared", status=Status.RUNNING)
    for watcher in (friend, await in_thread(make_admin)("ada")):
        async with opened(path(job), await in_thread(signed_in)(watcher)) as socket:
            assert (await frame(socket))["id"] == job.pk


async def test_a_right_withdrawn_closes_4403(hub, tester, declare, checks_often):
    def shared(run):
        """Nothing to do."""

    friend = await in_thread(make_tester)("fred")
    group = await in_thread(Group.objects.create)(name="watchers")
    await in_thread(friend.groups.add)(group)
    declare(shared, may_watch=lambda user, job: user.groups.filter(name="watchers").exists())
    job = await in_thread(make_job)(tester, task="tests.shared", status=Status.RUNNING)
    async with opened(path(job), await in_thread(signed_in)(friend)) as socket:
        await frame(socket)
        await asyncio.sleep(0.5)  # two checks that find nothing wrong
        await in_thread(change_job)(job, done=1)
        assert (await frame(socket))["done"] == 1
        await in_thread(friend.groups.clear)()
        assert await close_code(socket) == 4403


async def test_signing_out_closes_4401(hub, job, cookie, checks_often):
    async with opened(path(job), cookie) as one, opened("/ws/jobs/", cookie) as other:
        await frame(one)
        await frame(other)
        await in_thread(Session.objects.all().delete)()
        assert await close_code(one) == 4401
        assert await close_code(other) == 4401
    assert hub.watching == 0


async def test_a_deactivated_user_is_closed_4401(hub, tester, job, cookie, checks_often):
    async with opened(path(job), cookie) as socket:
        await frame(socket)
        tester.is_active = False
        await in_thread(tester.save)()
        assert await close_code(socket) == 4401


async def test_a_new_password_ends_the_sockets_of_the_old_one(
    hub, tester, job, cookie, checks_often
):
    async with opened(path(job), cookie) as socket:
        await frame(socket)
        tester.set_password("another long password")
        await in_thread(tester.save)()
        assert await close_code(socket) == 4401


async def test_a_deleted_job_is_closed_4404(hub, job, cookie, checks_often):
    async with opened(path(job), cookie) as socket:
        await frame(socket)
        await in_thread(job.delete)()
        assert await close_code(socket) == 4404


async def test_the_state_missed_while_the_connection_was_dead_arrives(hub, job, cookie):
    pid = await listening(hub)
    async with opened(path(job), cookie) as socket:
        await frame(socket)
        assert await kill_backend(pid)
        await in_thread(change_job)(job, notice=False, done=9)
        assert (await frame(socket))["done"] == 9
        await in_thread(change_job)(job, status=Status.SUCCEEDED)
        assert (await frame_where(socket, lambda f: f["status"] == "succeeded"))["done"] == 9
        assert await close_code(socket) == 1000


async def test_my_jobs_tells_all_my_live_jobs_and_new_ones_and_stays_open(hub, tester, job, cookie):
    other = await in_thread(make_tester)("otto")
    foreign = await in_thread(make_job)(other)
    past = timezone.now() - timedelta(hours=1)
    ended = await in_thread(make_job)(tester, status=Status.SUCCEEDED, finished_at=past)
    looked_at = await in_thread(make_job)(tester, status=Status.FAILED, seen_at=timezone.now())
    just_ended = await in_thread(make_job)(tester, status=Status.SUCCEEDED)
    second = await in_thread(make_job)(tester)
    async with opened("/ws/jobs/", cookie) as socket:
        seen = {(await frame(socket))["id"] for _ in range(3)}
        assert seen == {job.pk, just_ended.pk, second.pk}
        await in_thread(change_job)(foreign)
        await in_thread(change_job)(job, status=Status.SUCCEEDED)
        told = await frame(socket)
        assert (told["id"], told["status"]) == (job.pk, "succeeded")
        third = await in_thread(make_job)(tester)
        await in_thread(change_job)(third)
        assert (await frame(socket))["id"] == third.pk
        assert await socket.receive_nothing(0.3)
    assert not {ended.pk, looked_at.pk} & seen


async def test_what_a_client_says_is_not_acted_on(hub, job, cookie):
    async with opened(path(job), cookie) as socket:
        await frame(socket)
        await socket.send_to(text_data='{"type": "cancel"}')
        await socket.send_to(bytes_data=b"\x00\xff")
        await in_thread(change_job)(job, done=5)
        assert (await frame(socket))["done"] == 5


async def test_changes_during_the_first_read_are_told_after_it_and_never_backwards(
    hub, job, cookie, monkeypatch
):
    real = rights.opened_job
    first_read, go_on = asyncio.Event(), asyncio.Event()

    async def slow(user, job_id):
        found = await real(user, job_id)
        first_read.set()
        await go_on.wait()  # meanwhile the job goes on, and the hub reads it
        return found

    monkeypatch.setattr(rights, "opened_job", slow)
    async with opened(path(job), cookie) as socket:
        await first_read.wait()
        await in_thread(change_job)(job, done=6)
        await until(lambda: hub.sizes()["known"])
        go_on.set()
        got = await frame(socket)
        assert (got["version"], got["done"]) == (2, 6)
        assert await socket.receive_nothing(0.3)
