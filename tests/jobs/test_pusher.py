"""A worker host that hears of new work again after its LISTEN connection was cut."""

import pytest
from django.db import connection

from jobs import enqueue, tallies
from jobs.conf import QUEUE_CHANNEL
from jobs.models import Job, Tally
from tests.benchmarks.tasks import tracked_nothing
from tests.support.workers import Workers, wait_for

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]


def listeners() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = %s",
            [f'LISTEN "{QUEUE_CHANNEL}"'],
        )
        return [pid for (pid,) in cursor.fetchall()]


def test_a_listen_that_was_cut_comes_back_and_is_counted(child_environment):
    with Workers(child_environment, workers=1):
        wait_for(lambda: len(listeners()) == 1, 60, "the pusher listens, and nobody before it")
        (pid,) = listeners()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 2000)", [pid])
        wait_for(lambda: set(listeners()) - {pid}, 60, "the pusher listens again")
        count = Tally.objects.filter(figure=tallies.RECONNECT, queue="default", count=1)
        wait_for(count.exists, 60, "the return is counted")
        job = enqueue(tracked_nothing)
        ended = Job.objects.filter(pk=job.pk, status="succeeded")
        wait_for(ended.exists, 60, "a job is run")
        assert len(listeners()) == 1
