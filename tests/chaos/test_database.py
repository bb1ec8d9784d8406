"""The database goes away while jobs run, and comes back."""

import time

import pytest
from django.db import connection, transaction

from jobs import enqueue
from jobs.models import Job
from synapse.common import embedded
from tests.chaos import tasks
from tests.support.workers import Workers, wait_for

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.acceptance,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
ITEMS = 120


@pytest.fixture
def own_server():
    if not embedded.in_use():
        pytest.skip("the server named by DATABASE_URL is not ours to stop")


def test_a_restart_of_the_database_loses_and_doubles_nothing(own_server, child_environment):
    with connection.cursor() as cursor:
        cursor.execute(tasks.EFFECTS_TABLE)
        cursor.execute("TRUNCATE chaos_effect")
    with Workers(child_environment, workers=2) as workers:
        with transaction.atomic():
            jobs = [enqueue(tasks.effects, items=ITEMS, seconds=0.1).pk for _ in range(4)]
        for _ in range(2):
            wait_for(lambda: moving(jobs), 20, "items are being done")
            connection.close()
            embedded.stop_server()
            time.sleep(2)
            embedded.ensure_server(durable=False)
        wait_for(lambda: ended(jobs), 90, "every job ends", 0.2)
        wait_for(lambda: workers.alive_rows() >= 2, 20, "two workers beat")
    states = Job.objects.filter(pk__in=jobs).values_list("status", "done", "failed")
    assert set(states) == {("succeeded", ITEMS, 0)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT (job_id, item)) FROM chaos_effect")
        assert cursor.fetchone() == (4 * ITEMS, 4 * ITEMS)
        cursor.execute("DROP TABLE chaos_effect")


def moving(jobs: list[int]) -> bool:
    return Job.objects.filter(pk__in=jobs, status="running", done__gt=5).exists()


def ended(jobs: list[int]) -> bool:
    return not Job.objects.filter(pk__in=jobs, status__in=["queued", "running", "waiting"]).exists()
