"""The short form of `python -m tests.chaos` in the suite: each kind of event at least once."""

import os
import subprocess
import sys

import pytest

from jobs.heartbeat import LEASE_SECONDS
from synapse.common.embedded import BASE_DIR
from tests.chaos import events
from tests.chaos.idle import kill_idle_workers
from tests.support.workers import Workers

pytestmark = [pytest.mark.chaos, pytest.mark.acceptance, pytest.mark.timeout(660)]


def test_a_storm_loses_doubles_hangs_and_orphans_nothing():
    """On a server of its own, which is killed, stopped and filled like everything else."""
    environment = {key: text for key, text in os.environ.items() if key != "DATABASE_URL"}
    command = "-m tests.chaos --seed 7 --events 30 --workers 2 --items 40 --retry 2 --idle-kills 0"
    ran = subprocess.run(
        [sys.executable, *command.split()],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr[-2000:]
    happened = next(each for each in ran.stdout.splitlines() if each.startswith("  events"))
    assert {name for name in events.KINDS if f" {name} " not in happened} == set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("workers", [1, 2])
def test_killing_idle_workers_delays_no_job(child_environment, workers):
    with Workers(child_environment, workers=workers) as cluster:
        waits = kill_idle_workers(cluster, 4)
    assert waits[-1] < LEASE_SECONDS  # who waits for a lease to lapse is seen by that
