"""What is told is a hint: that it can't be told harms neither the job nor who changed it."""

import pytest
from django.db import OperationalError, connection

from jobs import enqueue, notify
from jobs.models import Job
from tests.chaos.tasks import nothing

pytestmark = pytest.mark.django_db(transaction=True)


def cut():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def test_a_hint_that_a_lost_connection_swallows_is_no_error():
    job = enqueue(nothing)
    with pytest.raises(OperationalError, match="terminating connection"):
        cut()
    notify.progress(job)
    connection.close()
    assert Job.objects.filter(pk=job.pk).exists()
