"""Real worker commands: pickup, delayed jobs, deaths of every part, freezes, orderly stops."""

import signal
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ

from jobs.heartbeat import LEASE_SECONDS
from jobs.models import Job, Worker
from tests.chaos import tasks
from tests.jobs.starting import begin, holder, status, wait_status
from tests.support import cluster_tasks
from tests.support.workers import MONITOR, PUSHER, SENTINEL, WORKER, Workers, wait_for

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def effects_table(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute(tasks.EFFECTS_TABLE)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE chaos_effect")


@pytest.fixture
def start_workers(child_environment):
    """Start worker commands that end with the test."""
    started = []

    def start(workers=2, **options):
        command = Workers(child_environment, workers=workers, **options)
        started.append(command)
        return command.__enter__()

    yield start
    for command in started:
        command.__exit__()


def wait_until_some_are_done(job):
    wait_for(lambda: Job.objects.get(pk=job.pk).done > 5, 60, "some items are done")


def test_jobs_run_and_a_long_one_hides_none(start_workers):
    start_workers(workers=2)
    long = begin(tasks.sleep, seconds=600, step=0.1)
    holder(long)
    for job in [begin(tasks.nothing) for _ in range(10)]:
        wait_status(job, "succeeded")
    assert status(long) == "running"
    assert OrmQ.objects.count() == 0


def test_a_job_of_the_future_starts_when_it_is_due(start_workers, child_environment):
    """The queue's next look without a reason would come in ten minutes."""
    child_environment["JOBS_TEST_POLL_SECONDS"] = "600"
    start_workers(workers=1, program=["-m", "tests.support.impatient"])
    job = begin(tasks.nothing)
    wait_status(job, "succeeded")
    due = timezone.now() + timedelta(seconds=2)
    later = Job.objects.create(
        task="chaos.nothing", queue="default", title="Later", status="waiting", run_after=due
    )
    OrmQ.objects.create(key="default", payload=str(later.pk), lock=due)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('jobs_queue', 'default')")
    wait_status(later, "succeeded")
    later.refresh_from_db()
    assert later.started_at >= due


def test_a_lost_wake_up_is_made_good_by_the_poll(start_workers):
    start_workers(workers=1)
    job = Job.objects.create(task="chaos.nothing", queue="default", title="Unannounced")
    OrmQ.objects.create(key="default", payload=str(job.pk), lock=timezone.now())
    wait_status(job, "succeeded")


def test_a_row_that_names_no_job_is_dropped(start_workers):
    start_workers(workers=1)
    OrmQ.objects.create(key="default", payload="gASV nonsense", lock=timezone.now())
    job = begin(tasks.nothing)
    wait_status(job, "succeeded")
    wait_for(lambda: OrmQ.objects.count() == 0, 60, "the row is gone")


def test_a_killed_worker_s_job_goes_on_at_once(start_workers):
    command = start_workers(workers=1)
    job = begin(tasks.sleep, seconds=4, step=0.05)
    wait_until_some_are_done(job)
    assert command.kill(holder(job))
    wait_status(job, "succeeded")
    assert Job.objects.get(pk=job.pk).attempt == 2
    # Its death was seen; that its beat stayed away is seen much later.
    assert job.events.get(name="requeue").reason == "its process ended"


@pytest.mark.parametrize("part", [WORKER, MONITOR, PUSHER, SENTINEL])
@pytest.mark.parametrize("workers", [1, 2])
def test_the_next_job_starts_after_any_part_was_killed_while_idle(start_workers, part, workers):
    command = start_workers(workers=workers)
    for _ in range(3):
        wait_status(begin(tasks.nothing), "succeeded")
        pid = wait_for(lambda: command.pids(part), 60, f"there is a {part}")[0]
        assert command.kill(pid)
        # Sooner than who waits for a lease to lapse, or hangs, would take it.
        wait_status(begin(tasks.nothing), "succeeded", LEASE_SECONDS)
        wait_for(lambda: command.alive_rows() == workers, 60, "all workers are back")


def test_children_end_when_the_command_is_killed(start_workers):
    command = start_workers(workers=2)
    begin(tasks.sleep, seconds=30, step=0.1)
    wait_for(lambda: len(command.all_pids()) == 5, 60, "all begin")
    command.process.kill()
    command.process.wait()
    command.wait_until_gone()


def test_children_end_when_the_sentinel_is_killed(start_workers):
    command = start_workers(workers=2)
    before = {*command.all_pids()}
    assert command.kill(command.pids(SENTINEL)[0])
    command.wait_until_gone(*before)
    wait_for(lambda: command.alive_rows() == 2, 60, "another cluster serves")


def test_an_orderly_stop_gives_the_job_back_with_its_attempt(start_workers):
    command = start_workers(workers=2)
    job = begin(tasks.sleep, seconds=600, step=0.2)
    holder(job)
    command.process.send_signal(signal.SIGTERM)
    assert command.process.wait(90) == 0
    job.refresh_from_db()
    assert (job.status, job.attempt) == ("queued", 0)
    assert not Worker.objects.filter(stopped_at__isnull=True).exists()
    command.wait_until_gone()


def test_workers_that_do_not_stop_are_killed_in_time_and_their_jobs_queued(start_workers):
    command = start_workers(workers=2)
    frozen, deaf = (
        begin(tasks.sleep, seconds=600, step=0.2),
        begin(cluster_tasks.stubborn, seconds=600),
    )
    holder(deaf)
    assert command.kill(holder(frozen), signal.SIGSTOP)
    command.process.send_signal(signal.SIGTERM)
    command.process.wait(90)
    command.wait_until_gone()
    assert {(status(job), Job.objects.get(pk=job.pk).attempt) for job in (frozen, deaf)} == {
        ("queued", 1)
    }


def test_a_frozen_worker_loses_its_job_and_cannot_write_when_it_wakes(start_workers, effects_table):
    command = start_workers(workers=2)
    job = begin(tasks.effects, items=80, seconds=0.5)
    wait_until_some_are_done(job)
    frozen = holder(job)
    assert command.kill(frozen, signal.SIGSTOP)
    wait_for(lambda: Job.objects.get(pk=job.pk).attempt == 2, 60, "another worker has it")
    command.kill(frozen, signal.SIGCONT)
    wait_status(job, "succeeded", 90)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT item) FROM chaos_effect")
        assert cursor.fetchone() == (80, 80)
    wait_for(lambda: frozen not in command.pids(WORKER), 60, "the zombie left")
    wait_status(begin(tasks.nothing), "succeeded")


@pytest.mark.parametrize("part", [PUSHER, MONITOR])
def test_a_frozen_pusher_or_monitor_is_replaced(start_workers, child_environment, part):
    """The sentinel's patience is cut short by the program the test starts, nothing else is."""
    child_environment["JOBS_TEST_FROZEN_SECONDS"] = "6"
    command = start_workers(workers=1, program=["-m", "tests.support.impatient"])
    wait_status(begin(tasks.nothing), "succeeded")
    frozen = wait_for(lambda: command.pids(part), 60, f"there is a {part}")[0]
    assert command.kill(frozen, signal.SIGSTOP)
    wait_for(lambda: {*command.pids(part)} - {frozen}, 60, f"another {part}", 0.1)
    wait_status(begin(tasks.nothing), "succeeded")


def test_a_frozen_sentinel_is_replaced_and_the_jobs_of_its_workers_go_on(
    start_workers, child_environment, effects_table
):
    child_environment["JOBS_TEST_LOOK_SECONDS"] = "2"  # four of them; it stirs every 5 s
    command = start_workers(workers=2, program=["-m", "tests.support.impatient"])
    job = begin(tasks.effects, items=300, seconds=0.2)
    wait_until_some_are_done(job)
    before = {*command.all_pids()}
    (frozen,) = command.pids(SENTINEL)
    assert command.kill(frozen, signal.SIGSTOP)
    command.wait_until_gone(*before)
    wait_status(job, "succeeded", 90)
    assert Job.objects.get(pk=job.pk).attempt > 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT item) FROM chaos_effect")
        assert cursor.fetchone() == (300, 300)


def test_a_cluster_killed_whole_is_missed_by_an_idle_one(start_workers):
    start_workers(workers=1)
    doomed = start_workers(workers=1)
    jobs = [begin(tasks.sleep, seconds=6, step=0.1) for _ in range(2)]
    pids = {holder(job): job for job in jobs}
    lost = pids[doomed.pids(WORKER)[0]]
    doomed.kill_all()
    wait_for(lambda: lost.events.filter(name="requeue").exists(), 60, "it is queued again")
    assert lost.events.get(name="requeue").reason == "its process ended"
    for job in jobs:
        wait_status(job, "succeeded", 90)
