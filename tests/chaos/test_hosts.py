"""A host that is cut off: its job goes on elsewhere, and what it still does takes no effect."""

import signal
import time

import pytest
from django.db import connection, transaction

from jobs import enqueue
from jobs.models import Job, Worker
from synapse.common import embedded
from tests.chaos import tasks
from tests.support import hosts
from tests.support.workers import PUSHER, WORKER, Workers, wait_for

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.acceptance,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
ITEMS = 150


@pytest.fixture
def far_host():
    if reason := hosts.missing():
        pytest.skip(reason)
    if not embedded.in_use():
        pytest.skip("the server named by DATABASE_URL is not ours to restart")
    connection.close()
    with hosts.Host() as host, hosts.server_listening(host.near):
        yield host
        connection.close()


@pytest.fixture
def far_environment(far_host, child_environment):
    name = connection.settings_dict["NAME"]
    return child_environment | {
        "DATABASE_URL": f"postgresql://postgres@{far_host.near}:5432/{name}",
        "TEST_HOST": far_host.name,
    }


def test_the_job_of_a_host_that_is_cut_off_goes_on_elsewhere(
    far_host, far_environment, child_environment
):
    with connection.cursor() as cursor:
        cursor.execute(tasks.EFFECTS_TABLE)
        cursor.execute("TRUNCATE chaos_effect")
    program = ["-m", "tests.support.elsewhere"]
    with (
        Workers(far_environment, workers=1, program=program) as far,
        Workers(child_environment, workers=1) as near,
    ):
        (pusher,) = wait_for(lambda: near.pids(PUSHER), 90, "its pusher is there")
        near.kill(pusher, signal.SIGSTOP)  # so that the far host takes the job
        with transaction.atomic():
            job = enqueue(tasks.effects, items=ITEMS, seconds=0.3)
        wait_for(lambda: done(job) > 5, 90, "some items are done")
        near.kill(pusher, signal.SIGCONT)
        assert far_host.name in Worker.objects.get(jobs=job).host
        zombie = far.pids(WORKER)
        far_host.pull()
        cut = time.monotonic()
        wait_for(lambda: Job.objects.get(pk=job.pk).attempt == 2, 90, "it runs again", 0.1)
        print(f"\na host was cut off: its job ran again after {time.monotonic() - cut:.1f} s")
        assert far.pids(WORKER) == zombie
        far_host.plug()
        wait_for(lambda: status(job) == "succeeded", 120, "the job ends", 0.1)
        wait_for(lambda: zombie != far.pids(WORKER), 90, "the worker that was cut off leaves")
        wait_for(far.is_whole, 90, "the far host serves again", 0.1)
    assert Job.objects.get(pk=job.pk).attempt == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT item) FROM chaos_effect")
        assert cursor.fetchone() == (ITEMS, ITEMS)
        cursor.execute("DROP TABLE chaos_effect")


def done(job) -> int:
    return Job.objects.values_list("done", flat=True).get(pk=job.pk)


def status(job) -> str:
    return Job.objects.values_list("status", flat=True).get(pk=job.pk)
