"""A worker command from its start to its stop: what it stands on, what it leaves in peace."""

import signal
import subprocess
import sys
import time

import pytest
from django.db import connection
from django.utils import timezone

from jobs import control
from jobs.models import Job
from synapse.common.embedded import BASE_DIR
from tests.chaos import tasks
from tests.jobs import trouble
from tests.jobs.starting import begin, holder, wait_status
from tests.support.relay import Relay
from tests.support.workers import WORKER, Workers, wait_for

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("marks_table"),
]
# What Python 3.14 takes where nothing is said; the kind that no open socket or memory passes to.
OTHER_START = (
    "import multiprocessing, runpy; multiprocessing.set_start_method('forkserver'); "
    "runpy.run_path('manage.py', run_name='__main__')"
)


@pytest.fixture
def relay(transactional_db):
    given = connection.get_connection_params()
    relay = Relay(given.get("host") or "127.0.0.1", str(given.get("port") or ""))
    yield relay
    relay.close()


def test_workers_started_before_the_database_serve_once_it_is_there(child_environment, relay):
    given = connection.get_connection_params()
    secret = f":{given['password']}" if given.get("password") else ""
    address = f"{given['user']}{secret}@127.0.0.1:{relay.port}/{given['dbname']}"
    command = Workers(
        child_environment | {"DATABASE_URL": f"postgresql://{address}?sslmode=disable"}, workers=1
    )
    command.start()
    try:
        wait_for(lambda: relay.refused >= 2, 60, "it has tried again")
        assert command.process.poll() is None
        relay.open()
        wait_for(command.is_whole, 60, "the worker registers")
        wait_status(begin(trouble.start), "succeeded")
    finally:
        command.stop()


def test_an_idle_worker_whose_connections_were_cut_takes_the_next_job(child_environment):
    with Workers(child_environment, workers=1) as command:
        wait_status(begin(trouble.start), "succeeded")
        before = command.pids(WORKER)
        time.sleep(1.2)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name LIKE 'synapse-worker%' AND datname = current_database()"
            )
        job = begin(trouble.start)
        wait_status(job, "succeeded")
        assert command.pids(WORKER) == before
    assert Job.objects.values_list("attempt", flat=True).get(pk=job.pk) == 1


def test_a_running_job_shows_its_progress_and_can_be_cancelled(child_environment):
    with Workers(child_environment, workers=1):
        job = begin(tasks.sleep, seconds=60, step=0.1)
        holder(job)
        wait_for(lambda: Job.objects.get(pk=job.pk).done >= 5, 60, "its progress is seen")
        control.cancel(job, actor=None)
        wait_status(job, "cancelled")
        wait_status(begin(trouble.start), "succeeded")
    job.refresh_from_db()
    assert 5 <= job.done < job.total


def test_the_time_in_the_queue_is_not_run_time(child_environment):
    job = begin(trouble.start)
    asked = timezone.now()
    with Workers(child_environment, workers=1):
        wait_status(job, "succeeded")
    job.refresh_from_db()
    assert job.created_at < asked < job.started_at < job.finished_at


def test_a_stop_leaves_the_running_job_and_those_behind_it_queued(child_environment):
    with Workers(child_environment, workers=1) as command:
        running = begin(trouble.start, seconds=600)
        holder(running)
        behind = [begin(trouble.start) for _ in range(6)]
        command.process.send_signal(signal.SIGTERM)
        command.process.wait(90)
    jobs = Job.objects.filter(pk__in=[job.pk for job in [running, *behind]])
    assert set(jobs.values_list("status", "attempt")) == {("queued", 0)}
    assert [trouble.marks(job, "start") for job in behind] == [0] * 6


def test_a_worker_command_with_a_connection_pool_does_not_start(child_environment):
    command = subprocess.Popen(
        [sys.executable, "manage.py", "worker", "--queue", "default", "--wait", "1"],
        env=child_environment | {"SYNAPSE_PROCESS": "web"},
        cwd=BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(lambda: command.poll() is not None, 60, "the command ends")
        assert command.returncode == 1
        assert "a connection pool does not survive that" in command.stderr.read()
    finally:
        command.kill()
        command.communicate()


def test_clusters_fork_whatever_the_python_s_way_to_start_processes(child_environment):
    command = Workers(child_environment, workers=1, program=["-c", OTHER_START])
    command.start()
    try:
        wait_for(command.is_whole, 60, "the worker registers")
        wait_status(begin(trouble.start), "succeeded")
    finally:
        command.stop()
