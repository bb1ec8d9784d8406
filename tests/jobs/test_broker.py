"""The broker against the real queue table."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_q.models import OrmQ

from jobs.broker import POLL_SECONDS, REDELIVERY_SECONDS, JobBroker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker():
    return JobBroker("llm")


def put(payload, *, key="llm", seconds=0.0):
    lock = timezone.now() + timedelta(seconds=seconds)
    return OrmQ.objects.create(key=key, payload=str(payload), lock=lock).pk


def in_thread(function):
    """Run on a connection of its own and return what came out."""
    out = []

    def run():
        try:
            out.append(function())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    return out[0]


def payloads(rows):
    return [payload for _row, payload in rows]


def test_claims_are_the_oldest_due_rows_of_the_queue(broker):
    put(3, seconds=-1)
    put(1, seconds=-3)
    put(2, seconds=-2)
    put(9, key="default", seconds=-9)
    assert set(payloads(broker.dequeue(2))) == {"1", "2"}
    assert payloads(broker.dequeue(2)) == ["3"]
    assert broker.dequeue(2) == []


def test_two_claimers_never_get_the_same_row(broker):
    for job_id in range(20):
        put(job_id, seconds=-1)
    with transaction.atomic():
        mine = payloads(broker.dequeue(10))
        theirs = in_thread(lambda: payloads(JobBroker("llm").dequeue(20)))
    assert sorted(map(int, mine + theirs)) == list(range(20))


def test_a_claim_that_nobody_follows_up_is_delivered_again(broker):
    row = put(1, seconds=-1)
    broker.dequeue()
    assert broker.dequeue() == []
    again = OrmQ.objects.get(pk=row).lock - timezone.now()
    assert 3 <= REDELIVERY_SECONDS <= 5
    assert again <= timedelta(seconds=REDELIVERY_SECONDS)
    OrmQ.objects.filter(pk=row).update(lock=timezone.now())
    assert payloads(broker.dequeue()) == ["1"]


def test_a_lock_in_the_future_is_waited_for_to_the_moment(broker):
    put(1, seconds=POLL_SECONDS - 0.5)
    assert broker.dequeue() == []
    assert 0 < broker.wait() < POLL_SECONDS


def test_an_empty_queue_is_polled_seldom(broker):
    assert broker.dequeue() == []
    assert broker.wait() == POLL_SECONDS >= 5
    put(1, seconds=3600)
    assert broker.dequeue() == []
    assert broker.wait() == POLL_SECONDS


def test_a_lost_database_connection_is_survived_inside_dequeue(broker):
    put(1, seconds=-1)

    def lose_and_go_on():
        own = JobBroker("llm")
        own.dequeue(0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        in_thread(lambda: terminate(pid))
        first = own.dequeue()
        backoff = own.wait()
        own.retry_at = 0
        return first, backoff, payloads(own.dequeue()), own.failures

    first, backoff, then, failures = in_thread(lose_and_go_on)
    assert first is None
    assert 0 < backoff <= 0.2
    assert then == ["1"]
    assert failures == 0


def terminate(pid):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 2000)", [pid])


def test_claims_do_not_wait_for_the_disk(broker):
    def setting():
        JobBroker("llm").dequeue(0)
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            return cursor.fetchone()[0]

    assert in_thread(setting) == "off"


def test_building_a_broker_opens_no_connection():
    def connected():
        JobBroker("llm")
        return connection.connection is not None

    assert in_thread(connected) is False


def test_tasks_of_the_library_are_refused(broker):
    with pytest.raises(NotImplementedError):
        broker.enqueue("signed package")
