"""Who is dead, by process, by connection, by beat; and that a dead worker's job goes on."""

import subprocess
import time

import psycopg
import pytest
from django.db import connection
from django_q.models import OrmQ

from jobs import identity, leases
from jobs.claim import claim
from jobs.heartbeat import LEASE_SECONDS
from jobs.models import Job, Worker
from jobs.sweeper import Sweeper
from tests.support.workers import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def process():
    """A process of this machine that can be killed."""
    child = subprocess.Popen(["sleep", "60"])
    yield child
    child.kill()
    child.wait()


@pytest.fixture
def watch():
    """A watch that has looked on long enough to trust what it sees."""
    watch = leases.Watch()
    watch.looked_at = time.monotonic()
    return watch


def make_worker(**values):
    pid, started = identity.own()
    known = {
        "cluster": "c",
        "queue": "default",
        "host": identity.host(),
        "pid": pid,
        "pid_started": started,
    }
    return Worker.objects.create(**(known | values))


def running_job(worker, **values):
    job = Job.objects.create(task="chaos.nothing", queue="default", title="None", **values)
    OrmQ.objects.create(key=job.queue, payload=str(job.pk), lock=job.created_at)
    assert claim(job.pk, worker)
    return job


def age_beat(worker, seconds):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jobs_worker SET beat_at = now() - %s * interval '1 second' WHERE id = %s",
            [seconds, worker.pk],
        )


def test_a_process_that_lives_is_let_live(watch, process):
    make_worker(pid=process.pid, pid_started=identity.start_ticks(process.pid))
    make_worker()
    assert watch.find_dead(leases.look()) == []


def test_death_is_seen_by_the_pid(watch, process):
    worker = make_worker(pid=process.pid, pid_started=identity.start_ticks(process.pid))
    process.kill()  # not waited for: a zombie counts as dead
    wait_for(lambda: watch.find_dead(leases.look()), 60, "the death is seen")
    assert watch.find_dead(leases.look()) == [(worker.pk, "its process ended")]


def test_a_reused_pid_is_another_process(watch):
    pid, started = identity.own()
    worker = make_worker(pid=pid, pid_started=started - 100)
    assert [found for found, _ in watch.find_dead(leases.look())] == [worker.pk]


def test_the_same_pid_on_another_host_says_nothing(watch):
    make_worker(host="elsewhere", pid=2**22 + 1)
    # Its connection does not exist, but one look does not condemn it.
    assert watch.find_dead(leases.look()) == []


def test_another_host_s_worker_is_dead_when_its_connection_stays_away(watch):
    worker = make_worker(host="elsewhere", backend_pid=2**22 + 1)
    assert watch.find_dead(leases.look()) == []
    watch.cut_since[worker.pk] -= leases.RECONNECT_SECONDS
    assert watch.find_dead(leases.look()) == [(worker.pk, "its connection is gone")]


def test_another_host_s_worker_lives_while_its_connection_does(watch):
    with psycopg.connect(**connection_parameters(), autocommit=True) as beat:
        row = beat.execute(
            "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
        ).fetchone()
        worker = make_worker(host="elsewhere", backend_pid=row[0], backend_started=row[1])
        watch.find_dead(leases.look())
        assert worker.pk not in watch.cut_since
    wait_for(
        lambda: watch.find_dead(leases.look()) or worker.pk in watch.cut_since, 60, "cut is seen"
    )


def connection_parameters():
    from jobs import direct

    return direct.parameters("test")


def test_a_restarted_server_condemns_nobody(watch):
    """Every connection was cut, by the server: beats from before it count until they lapse."""
    worker = make_worker(host="elsewhere", backend_pid=2**22 + 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jobs_worker SET beat_at = pg_postmaster_start_time() - interval '1 second'"
        )
    watch.find_dead(leases.look())
    assert worker.pk not in watch.cut_since


def test_a_lapsed_beat_is_death_also_of_a_process_that_exists(watch):
    worker = make_worker()
    age_beat(worker, LEASE_SECONDS / 2)
    assert watch.find_dead(leases.look()) == []
    age_beat(worker, LEASE_SECONDS + 1)
    assert watch.find_dead(leases.look()) == [(worker.pk, "no sign of life for 20 s")]


def test_a_watch_that_was_blind_gives_workers_time_to_beat():
    worker = make_worker()
    age_beat(worker, LEASE_SECONDS + 1)
    watch = leases.Watch()
    assert watch.find_dead(leases.look()) == []
    watch.trust_beats_from -= LEASE_SECONDS
    assert [found for found, _ in watch.find_dead(leases.look())] == [worker.pk]
    watch.looked_at -= LEASE_SECONDS
    assert watch.find_dead(leases.look()) == []


def test_a_dead_worker_s_job_is_queued_again_with_its_attempt_spent():
    worker = make_worker()
    job = running_job(worker)
    leases.bury(worker.pk, "its process ended")
    leases.bury(worker.pk, "its process ended")
    job.refresh_from_db()
    assert (job.status, job.attempt) == ("queued", 1)
    assert queue_rows(job) == 1
    worker.refresh_from_db()
    assert worker.stopped_at


def test_after_the_last_attempt_the_job_fails_as_worker_lost():
    worker = make_worker()
    job = running_job(worker, max_attempts=1)
    leases.bury(worker.pk, "its process ended")
    job.refresh_from_db()
    assert (job.status, job.error_code) == ("failed", "worker_lost")
    assert queue_rows(job) == 0


def test_burying_by_pid_spares_a_worker_that_lives(process):
    ticks = identity.start_ticks(process.pid)
    worker = make_worker(pid=process.pid, pid_started=ticks)
    leases.bury_process(process.pid)
    worker.refresh_from_db()
    assert worker.stopped_at is None
    process.kill()
    wait_for(lambda: not identity.is_running(process.pid, ticks), 60, "the process ends")
    leases.bury_process(process.pid)
    worker.refresh_from_db()
    assert worker.stopped_at


def test_the_sweeper_brings_back_a_job_whose_worker_had_lost_its_lease():
    worker = make_worker()
    job = running_job(worker)
    Worker.objects.update(stopped_at="2020-01-01T00:00:00Z")
    Sweeper().sweep()
    job.refresh_from_db()
    assert job.status == "queued"


def test_the_sweeper_kills_a_worker_whose_job_ignores_its_timeout(process):
    worker = make_worker(pid=process.pid, pid_started=identity.start_ticks(process.pid))
    job = running_job(worker, timeout=5)
    sweeper = Sweeper()
    sweeper.sweep()
    assert process.poll() is None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_jobevent SET at = at - interval '36 seconds'")
    sweeper.sweep()
    assert process.wait(60) == -9
    sweeper.sweep()
    job.refresh_from_db()
    assert job.status == "queued"


def test_the_sweeper_kills_a_worker_that_lost_its_lease_and_does_not_leave(process):
    worker = make_worker(pid=process.pid, pid_started=identity.start_ticks(process.pid))
    leases.bury(worker.pk, "no sign of life for 20 s")
    sweeper = Sweeper()
    sweeper.kill_hung()
    assert process.poll() is None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_worker SET stopped_at = now() - interval '31 seconds'")
    make_due(sweeper)
    sweeper.sweep()
    assert process.wait(60) == -9


def test_the_sweeper_restores_lost_queue_rows():
    job = Job.objects.create(task="chaos.nothing", queue="default", title="None")
    holder = make_worker(pid_started=0)
    running = running_job(holder)
    Worker.objects.update(stopped_at="2020-01-01T00:00:00Z")
    sweeper = Sweeper()
    make_due(sweeper)
    sweeper.sweep()
    assert queue_rows(job) == 1
    assert queue_rows(running) == 1


def make_due(sweeper):
    sweeper.due = dict.fromkeys(sweeper.due, 0.0)


def queue_rows(job):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_q_ormq WHERE payload = %s", [str(job.pk)])
        return cursor.fetchone()[0]
