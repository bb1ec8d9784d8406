"""The hub: one LISTEN connection, one read a burst, nothing kept for who has left."""

import asyncio
import json

import pytest
from django.db import connections

from jobs import tallies
from jobs.live import Topic, current_hub, reading
from jobs.models import Tally
from jobs.states import Status
from tests.factories.jobs import change_job, make_job
from tests.jobs.sockets import in_thread, kill_backend, listening, stop

pytestmark = pytest.mark.django_db(transaction=True)


class Watcher:
    """Keeps what it was told."""

    def __init__(self):
        self.changes = []

    def push(self, change):
        self.changes.append(change)

    @property
    def versions(self):
        return [change.version for change in self.changes]

    async def reaches(self, version, timeout=5.0):
        async with asyncio.timeout(timeout):
            while not self.versions or self.versions[-1] < version:
                await asyncio.sleep(0.005)


@pytest.fixture
async def hub():
    hub = current_hub()
    await listening(hub)
    yield hub
    await stop(hub)


@pytest.fixture
def reads(monkeypatch):
    """How many jobs each read of the hub asked for."""
    sizes = []
    real = reading.changes

    async def counted(jobs):
        sizes.append(len(jobs))
        return await real(jobs)

    monkeypatch.setattr(reading, "changes", counted)
    return sizes


@in_thread
def listen_connections() -> int:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name LIKE '%%live'"
        )
        return cursor.fetchone()[0]


async def test_one_connection_serves_every_watcher(hub, owner):
    jobs = [await in_thread(make_job)(owner) for _ in range(20)]
    watchers = [Watcher() for _ in jobs]
    for job, watcher in zip(jobs, watchers, strict=True):
        current_hub().watch(Topic.job(job.pk), watcher)
    for job in jobs:
        await in_thread(change_job)(job, status=Status.RUNNING)
    for watcher in watchers:
        await watcher.reaches(2)
    assert await listen_connections() == 1
    assert [watcher.versions for watcher in watchers] == [[2]] * 20


async def test_a_burst_is_one_read_and_the_last_state_always_arrives(hub, owner, reads):
    jobs = [await in_thread(make_job)(owner) for _ in range(5)]
    watcher = Watcher()
    for job in jobs:
        hub.watch(Topic.job(job.pk), watcher)

    @in_thread
    def burst():
        for _ in range(20):
            for job in jobs:
                change_job(job, done=job.done + 1)

    await burst()

    def told():
        return {change.job_id: json.loads(change.text)["done"] for change in watcher.changes}

    async with asyncio.timeout(10):
        while told() != {job.pk: 20 for job in jobs}:
            await asyncio.sleep(0.02)
    # 100 changes: far fewer reads, some of them for several jobs.
    assert len(reads) < 50
    assert len(watcher.changes) < 100
    assert max(reads) > 1


async def test_a_job_is_told_at_most_about_five_times_a_second(hub, owner):
    job = await in_thread(make_job)(owner)
    watcher = Watcher()
    hub.watch(Topic.job(job.pk), watcher)
    end = asyncio.get_running_loop().time() + 1.0
    while asyncio.get_running_loop().time() < end:
        await in_thread(change_job)(job, done=job.done + 1)
    await watcher.reaches(job.version)
    assert 2 <= len(watcher.changes) <= 8
    assert watcher.versions == sorted(set(watcher.versions))


async def test_the_text_is_made_once_for_all_watchers(hub, owner):
    job = await in_thread(make_job)(owner)
    watchers = [Watcher() for _ in range(50)]
    for watcher in watchers:
        hub.watch(Topic.job(job.pk), watcher)
    await in_thread(change_job)(job)
    for watcher in watchers:
        await watcher.reaches(2)
    assert len({id(watcher.changes[0].text) for watcher in watchers}) == 1


async def test_an_owner_hears_of_new_jobs_and_not_of_others(hub, owner, django_user_model):
    other = await in_thread(django_user_model.objects.create_user)("otto", "otto@example.com")
    watcher = Watcher()
    hub.watch(Topic.owner(owner.pk), watcher)
    foreign = await in_thread(make_job)(other)
    await in_thread(change_job)(foreign)
    mine = await in_thread(make_job)(owner)
    await in_thread(change_job)(mine)
    await watcher.reaches(2)
    assert {change.job_id for change in watcher.changes} == {mine.pk}


async def test_a_killed_connection_comes_back_and_the_missed_state_arrives(hub, owner):
    job = await in_thread(make_job)(owner)
    watcher = Watcher()
    hub.watch(Topic.job(job.pk), watcher)
    pid = await listening(hub)
    assert await kill_backend(pid)
    await in_thread(change_job)(job, notice=False, done=7)
    assert await listening(hub, other_than=pid) != pid
    await watcher.reaches(2)
    assert json.loads(watcher.changes[-1].text)["done"] == 7
    await in_thread(change_job)(job, done=8)
    await watcher.reaches(3)
    assert await in_thread(Tally.objects.get)(figure=tallies.RECONNECT, count=1)


async def test_a_lost_notice_is_made_good_by_comparing(owner, settings):
    settings.JOBS = settings.JOBS | {"LIVE_COMPARE": 0.2}
    hub = current_hub()
    job = await in_thread(make_job)(owner)
    mine = await in_thread(make_job)(owner)
    watcher, of_owner = Watcher(), Watcher()
    hub.watch(Topic.job(job.pk), watcher)
    hub.watch(Topic.owner(owner.pk), of_owner)
    await in_thread(change_job)(job, notice=False)
    await in_thread(change_job)(mine, notice=False, status=Status.RUNNING)
    await watcher.reaches(2)
    async with asyncio.timeout(5):
        while {c.job_id for c in of_owner.changes} != {job.pk, mine.pk}:
            await asyncio.sleep(0.01)
    await stop(hub)


async def test_notices_that_are_not_ours_change_nothing(hub, owner, reads, caplog):
    job = await in_thread(make_job)(owner)
    watcher = Watcher()
    hub.watch(Topic.job(job.pk), watcher)

    @in_thread
    def shout(payload):
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_notify('jobs_progress', %s)", [payload])

    for payload in ("", "nonsense", "1:2", "a:b:c", f"{job.pk + 1000}:5:", "9" * 7000):
        await shout(payload)
    await in_thread(change_job)(job)
    await watcher.reaches(2)
    assert reads == [1]
    assert "Unreadable progress notice" in caplog.text


async def test_nothing_is_kept_for_watchers_that_left(hub, owner):
    jobs = [await in_thread(make_job)(owner) for _ in range(10)]
    for _ in range(30):
        watcher = Watcher()
        for job in jobs:
            hub.watch(Topic.job(job.pk), watcher)
        hub.watch(Topic.owner(owner.pk), watcher)
        await in_thread(change_job)(jobs[0])
        for job in jobs:
            hub.leave(Topic.job(job.pk), watcher)
        hub.leave(Topic.owner(owner.pk), watcher)
    await asyncio.sleep(0.3)
    assert hub.sizes()["topics"] == 0
    assert hub.sizes()["dirty"] == 0
    assert hub.sizes()["known"] == 0
    assert hub.watching == 0


async def test_a_job_that_can_not_be_described_does_not_silence_the_others(
    hub, owner, monkeypatch, caplog
):
    good = await in_thread(make_job)(owner)
    real = reading.changes
    failures = iter([True])

    async def broken_once(jobs):
        if next(failures, False):
            raise ValueError("unreadable")
        return await real(jobs)

    monkeypatch.setattr(reading, "changes", broken_once)
    watcher = Watcher()
    hub.watch(Topic.job(good.pk), watcher)
    await in_thread(change_job)(good)
    await asyncio.sleep(0.3)
    await in_thread(change_job)(good)
    await watcher.reaches(3)
    assert "could not describe" in caplog.text


async def test_stopping_closes_the_connection(owner):
    hub = current_hub()
    await listening(hub)
    await hub.stop()
    async with asyncio.timeout(5):
        while await listen_connections():
            await asyncio.sleep(0.02)
    assert hub.listener.backend_pid is None
