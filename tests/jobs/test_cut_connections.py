"""Single connections of a cluster are cut by the server: a pause at most, and nothing dies."""

import pytest
from django.db import connection

from jobs.models import Job
from tests.chaos import tasks
from tests.jobs.test_cluster import begin, effects_table, start_workers, wait_status
from tests.support.workers import wait_for

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]
__all__ = ["effects_table", "start_workers"]

# Whose connection, and how the server's list of them tells it; the rest are the workers' own.
PARTS = {
    "listen": "application_name = 'synapse-worker listen'",
    "beat": "application_name = 'synapse-worker beat'",
    "pusher": "application_name = 'synapse-worker' AND query LIKE '%FOR UPDATE SKIP LOCKED%'",
    "monitor": "application_name = 'synapse-worker' AND query LIKE '%FROM jobs_worker w%'",
}
PARTS["worker"] = "application_name = 'synapse-worker'" + "".join(
    f" AND NOT ({where})" for where in [*PARTS.values()]
)


def cut(part) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            f"WHERE datname = current_database() AND pid <> pg_backend_pid() AND {PARTS[part]}"
        )
        return cursor.fetchone()[0]


def test_every_connection_of_a_cluster_is_replaced(start_workers, effects_table):
    command = start_workers(workers=2)
    processes = {*command.all_pids()}
    for part in PARTS:
        jobs = [begin(tasks.effects, items=25, seconds=0.2) for _ in range(2)]
        ids = [job.pk for job in jobs]
        moving = Job.objects.filter(pk__in=ids, done__gt=2)
        wait_for(lambda moving=moving: moving.count() == 2, 60, "items are done")
        # The server tells a connection by what it was asked last, which may be something else.
        wait_for(lambda part=part: cut(part), 60, f"a connection of {part} is cut")
        for job in jobs:
            wait_status(job, "succeeded")
        wait_status(begin(tasks.nothing), "succeeded")
    assert set(Job.objects.values_list("attempt", flat=True)) == {1}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT (job_id, item)) FROM chaos_effect")
        assert cursor.fetchone() == (250, 250)
    assert {*command.all_pids()} == processes
