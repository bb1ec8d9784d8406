"""A short storm in the suite; the full one is `python -m tests.chaos`."""

import pytest
from django.db import connection

from tests.chaos.idle import kill_idle_workers
from tests.chaos.storm import Storm, count
from tests.chaos.tasks import EFFECTS_TABLE
from tests.support.workers import Workers

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.acceptance,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]


@pytest.fixture
def effects_table(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute(EFFECTS_TABLE)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE chaos_effect")


@pytest.mark.parametrize("seed", [7])
def test_a_storm_of_kills_loses_and_doubles_nothing(child_environment, effects_table, seed):
    with Workers(child_environment, workers=2) as first, Workers(child_environment) as second:
        storm = Storm([first, second], seed, kills=12, items=60, live_jobs=4).run()
    found = count(storm)
    assert sum(storm.killed.values()) == 12
    assert (found.found, found.distinct) == (found.wanted, found.wanted)
    assert found.succeeded == found.jobs
    assert found.recoveries[-1] < 20


@pytest.mark.parametrize("workers", [1, 2])
def test_killing_idle_workers_delays_no_job(child_environment, workers):
    with Workers(child_environment, workers=workers) as cluster:
        waits = kill_idle_workers(cluster, 4)
    assert waits[-1] < 5
