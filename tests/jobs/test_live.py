"""The hub: one LISTEN connection, one read a burst, nothing kept for who has left."""

import json
import time

import pytest
from django.db import connections, transaction

from jobs import conf, tallies
from jobs.live import Topic, current_hub, reading
from jobs.models import Tally
from jobs.states import Status
from tests.factories.jobs import change_job, make_job
from tests.jobs.sockets import (
    in_thread,
    kill_backend,
    listeners,
    listening,
    none_listens,
    stop,
    until,
)

pytestmark = pytest.mark.django_db(transaction=True)

# Seconds between two reads of one job: what is nearly due is taken along.
SHORTEST = conf.LIVE_INTERVAL * 3 / 4


class Watcher:
    """Keeps what it was told."""

    def __init__(self):
        self.changes = []

    def push(self, change):
        self.changes.append(change)

    @property
    def versions(self):
        return [change.version for change in self.changes]

    async def reaches(self, version):
        await until(lambda: self.versions and self.versions[-1] >= version)


@pytest.fixture
async def hub(settings):
    """Tells what it hears; it doesn't look for what it may have missed meanwhile."""
    settings.JOBS = settings.JOBS | {"LIVE_COMPARE": 600.0}
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


async def test_one_connection_serves_every_watcher(hub, owner):
    jobs = [await in_thread(make_job)(owner) for _ in range(20)]
    watchers = [Watcher() for _ in jobs]
    for job, watcher in zip(jobs, watchers, strict=True):
        current_hub().watch(Topic.job(job.pk), watcher)
    for job in jobs:
        await in_thread(change_job)(job, status=Status.RUNNING)
    for watcher in watchers:
        await watcher.reaches(2)
    assert len(await listeners()) == 1
    assert [watcher.versions for watcher in watchers] == [[2]] * 20


async def test_a_burst_is_one_read_and_the_last_state_always_arrives(hub, owner, reads):
    jobs = [await in_thread(make_job)(owner) for _ in range(5)]
    watcher = Watcher()
    for job in jobs:
        hub.watch(Topic.job(job.pk), watcher)

    def change_each():
        for job in jobs:
            change_job(job, done=job.done + 1)

    @in_thread
    def burst():
        for _ in range(19):
            change_each()
        with transaction.atomic():
            change_each()

    begun = time.monotonic()
    await burst()

    def told():
        return {change.job_id: json.loads(change.text)["done"] for change in watcher.changes}

    await until(lambda: told() == {job.pk: 20 for job in jobs})
    # 100 changes: each job is read as often as an interval lets it, some of them together.
    intervals = (time.monotonic() - begun) / SHORTEST + 1
    assert sum(reads) <= len(jobs) * intervals
    assert len(watcher.changes) <= sum(reads)
    assert max(reads) > 1


async def test_a_job_is_told_at_most_about_five_times_a_second(hub, owner):
    job = await in_thread(make_job)(owner)
    watcher = Watcher()
    hub.watch(Topic.job(job.pk), watcher)
    begun = time.monotonic()
    while time.monotonic() - begun < 1 or job.done < 20:
        await in_thread(change_job)(job, done=job.done + 1)
    await watcher.reaches(job.version)
    assert 2 <= len(watcher.changes) <= (time.monotonic() - begun) / SHORTEST + 1
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
    await until(lambda: {c.job_id for c in of_owner.changes} == {job.pk, mine.pk})
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
    await until(lambda: not any(hub.sizes().values()))
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
    await until(lambda: "could not describe" in caplog.text)
    await in_thread(change_job)(good)
    await watcher.reaches(3)


async def test_stopping_closes_the_connection(owner):
    hub = current_hub()
    await listening(hub)
    await hub.stop()
    await none_listens()
    assert hub.listener.backend_pid is None
