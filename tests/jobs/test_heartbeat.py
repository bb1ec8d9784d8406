"""A worker's row and the beat that keeps it, on a connection of its own."""

import os
import uuid

import psutil
import pytest
from django.db import connection

from jobs import leases
from jobs.heartbeat import Heartbeat
from jobs.models import Worker
from tests.jobs.test_leases import age_beat
from tests.support.workers import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heartbeat(monkeypatch):
    monkeypatch.setattr("jobs.heartbeat.BEAT_SECONDS", 0.2)
    lost = []
    beat = Heartbeat("default", uuid.uuid4(), 0, on_lost=lambda: lost.append(True))
    beat.lost = lost
    yield beat
    beat.stop()
    os.close(beat.stopping)


def test_a_worker_registers_beats_and_signs_off(heartbeat):
    worker = heartbeat.register(lambda: False)
    age_beat(worker, 60)
    heartbeat.start()
    watch = leases.Watch()
    wait_for(lambda: not leases.look()[0].lapsed, 60, "it beats")
    assert watch.find_dead(leases.look()) == []
    heartbeat.stop()
    worker.refresh_from_db()
    assert worker.stopped_at


@pytest.mark.parametrize(("busy", "beats"), [(True, 6), (False, 3)])
def test_a_worker_without_a_job_leaves_out_every_other_beat(heartbeat, monkeypatch, busy, beats):
    worker = heartbeat.register(lambda: False)
    heartbeat.busy = busy
    seen = []

    def turn(seconds):
        seen.append(Worker.objects.get(pk=worker.pk).beat_at)
        return len(seen) > 6

    monkeypatch.setattr(heartbeat, "_told_to_stop", turn)
    heartbeat._beat_until_told()
    assert len(set(seen)) - 1 == beats


def test_a_beat_tells_the_memory(heartbeat):
    worker = heartbeat.register(lambda: False)
    Worker.objects.update(memory_kb=None)
    heartbeat.start()

    def told():
        return Worker.objects.get(pk=worker.pk).memory_kb

    resident = psutil.Process().memory_info().rss // 1024
    assert resident / 2 < wait_for(told, 60, "the memory") < resident * 2


def test_a_cut_heartbeat_connection_is_replaced_at_once(heartbeat, monkeypatch):
    monkeypatch.setattr("jobs.heartbeat.BEAT_SECONDS", 600)  # no beat that is due does it
    worker = heartbeat.register(lambda: False)
    heartbeat.start()
    worker.refresh_from_db()
    before = worker.backend_pid
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [before])

    def replaced():
        worker.refresh_from_db()
        return worker.backend_pid != before

    wait_for(replaced, 60, "the beat has another connection")
    assert heartbeat.lost == []


def test_a_worker_whose_heartbeat_breaks_leaves(heartbeat, monkeypatch):
    heartbeat.register(lambda: False)
    monkeypatch.setattr(heartbeat, "_told_to_stop", lambda seconds: 1 / 0)
    heartbeat.start()
    wait_for(lambda: heartbeat.lost, 60, "it is told")


def test_a_worker_taken_for_dead_is_told(heartbeat):
    worker = heartbeat.register(lambda: False)
    heartbeat.start()
    leases.bury(worker.pk, "no sign of life for 20 s")
    wait_for(lambda: heartbeat.lost, 60, "it is told")
