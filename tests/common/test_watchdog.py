"""A supervisor takes a child for frozen once it began to beat and then beats no more."""

import os
import signal
import sys
from types import SimpleNamespace

import pytest
from django.db import connection

from jobs.cluster import watchdog as beating
from jobs.models import Job
from synapse.common import watchdog
from synapse.common.embedded import BASE_DIR
from synapse.common.supervisor import Child, Supervisor
from synapse.common.watchdog import FROZEN_SECONDS, Watchdog
from tests.chaos import tasks
from tests.jobs.starting import begin, status
from tests.jobs.test_cluster import effects_table
from tests.support.workers import wait_for

__all__ = ["effects_table"]


@pytest.fixture
def clock(monkeypatch):
    """Time passes when the test says so."""
    faked = SimpleNamespace(now=0.0)
    monkeypatch.setattr(watchdog, "time", SimpleNamespace(monotonic=lambda: faked.now))
    return faked


@pytest.fixture
def heard(clock, monkeypatch):
    """A watchdog, and this process as the child that beats to it."""
    made = Watchdog()
    monkeypatch.setenv("NOTIFY_SOCKET", made.environment["NOTIFY_SOCKET"])
    yield made
    made.close()


def looks(heard, clock, seconds: float) -> bool:
    """What the last of its looks says, two a second."""
    found = False
    for _ in range(int(seconds * 2)):
        clock.now += 0.5
        found = heard.is_frozen()
    return found


def test_who_beats_no_more_is_frozen(heard, clock):
    beating.beat()
    assert not looks(heard, clock, FROZEN_SECONDS)
    beating.beat()
    assert not looks(heard, clock, FROZEN_SECONDS)
    assert looks(heard, clock, 2)


def test_who_has_not_begun_to_beat_is_still_starting(heard, clock):
    assert not looks(heard, clock, 10 * FROZEN_SECONDS)
    beating.beat()
    assert not looks(heard, clock, 1)
    heard.reset()  # another one starts
    assert not looks(heard, clock, 10 * FROZEN_SECONDS)


def test_a_supervisor_that_slept_itself_blames_nobody(heard, clock):
    beating.beat()
    assert not heard.is_frozen()
    clock.now += 3400
    assert not heard.is_frozen()


def test_beats_that_nobody_reads_or_asked_for_hold_up_nobody(heard, clock, monkeypatch):
    for _ in range(1000):  # more than the kernel keeps
        beating.beat()
    assert not looks(heard, clock, 1)
    monkeypatch.setenv("NOTIFY_SOCKET", "/nowhere/at/all")
    beating.beat()
    monkeypatch.delenv("NOTIFY_SOCKET")
    beating.beat()
    assert looks(heard, clock, FROZEN_SECONDS + 2)


@pytest.mark.acceptance
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(240)
def test_a_frozen_worker_command_is_replaced_and_its_job_done_once(
    child_environment, effects_table, monkeypatch
):
    monkeypatch.setattr(watchdog, "FROZEN_SECONDS", 12)  # two of its beats
    command = [sys.executable, str(BASE_DIR / "manage.py"), "worker"]
    command += ["--queue", "default", "--workers", "2"]
    environment = child_environment | {"SYNAPSE_PROCESS": "worker"}
    workers = Child("workers", command, environment, Watchdog())
    supervisor = Supervisor([workers])
    supervisor.start()

    def comes(condition, seconds, what):
        wait_for(lambda: supervisor.tend() or condition(), seconds, what, 0.2)

    try:
        job = begin(tasks.effects, items=400, seconds=0.2)
        comes(lambda: Job.objects.get(pk=job.pk).done > 5, 60, "some items are done")
        frozen = workers.process
        os.kill(frozen.pid, signal.SIGSTOP)
        comes(lambda: workers.process not in (None, frozen), 60, "another command runs")
        assert frozen.returncode == -signal.SIGKILL
        comes(lambda: status(job) == "succeeded", 120, "the job has ended")
        assert Job.objects.get(pk=job.pk).attempt > 1
    finally:
        assert supervisor.stop()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT item) FROM chaos_effect")
        assert cursor.fetchone() == (400, 400)
