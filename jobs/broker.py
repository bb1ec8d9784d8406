"""Takes jobs off Django-Q2's queue table for idle workers, one statement a claim."""

import logging
import time

from django.db import DatabaseError, InterfaceError, connections
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ

from jobs import statements

logger = logging.getLogger(__name__)

# A claim only says "somebody is about to start this": the worker's own claim deletes the row.
# If it doesn't come (a process was killed in between), the row is delivered again after this.
REDELIVERY_SECONDS = 4
POLL_SECONDS = 5.0
LONGEST_BACKOFF = 5.0

# A kept plan was made for the queue's length of that moment; only the index is good for any.
TUNE = """
SELECT set_config('synchronous_commit', 'off', false),
    set_config('enable_seqscan', 'off', false), set_config('enable_bitmapscan', 'off', false)
"""
# One statement, so that an idle queue costs one every few seconds: what is claimed, what operators
# have set, and, unless there may be more to claim at once, when the next row is due.
CLAIM = """
WITH taken AS (
    SELECT id FROM django_q_ormq
    WHERE key = %(queue)s AND lock <= now() AND NOT EXISTS (
        SELECT 1 FROM jobs_jobqueue WHERE name = %(queue)s AND paused_at IS NOT NULL)
    ORDER BY key, lock, id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE django_q_ormq AS queued
    SET lock = now() + %(window)s * interval '1 second'
    FROM taken WHERE queued.id = taken.id
    RETURNING queued.id, queued.payload
)
SELECT array_agg(id ORDER BY id), array_agg(payload ORDER BY id),
    (SELECT workers FROM jobs_jobqueue WHERE name = %(queue)s),
    CASE WHEN count(*) < greatest(%(limit)s, 1) THEN (
        SELECT extract(epoch FROM lock - clock_timestamp())::float8 FROM django_q_ormq
        WHERE key = %(queue)s AND lock > now() ORDER BY key, lock LIMIT 1) END
FROM claimed
"""


class JobBroker(ORM):
    """Django-Q2's ORM broker with a safe claim; a payload is a job's id and nothing else."""

    def __init__(self, list_key: str | None = None):
        super().__init__(list_key)
        self.failures = 0
        self.retry_at = 0.0
        self.tuned = None  # the connection that already commits without waiting
        self.workers: int | None = None  # as operators have set it
        self.next_due: float | None = None  # seconds, at the last look

    @staticmethod
    def get_connection(list_key: str | None = None):
        # The original asks for autocommit, which connects: the sentinel that builds a broker
        # before it forks must hold no connection.
        return OrmQ.objects.using(Conf.ORM)

    def enqueue(self, task):
        raise NotImplementedError("Jobs are started with jobs.enqueue, which keeps the Job row.")

    def timeout(self, task):
        raise NotImplementedError("Rows are delivered again by the claim's own window.")

    def dequeue(self, limit: int = 1) -> list[tuple[int, str]] | None:
        """Claim up to `limit` due rows as (row id, payload), oldest first; none of a paused queue.

        None if the database is away: the connection is closed, and `wait` says for how long to
        leave it alone. A claim needs no durability (a lost one is delivered again), so this
        connection commits without waiting for the disk.
        """
        if time.monotonic() < self.retry_at:
            return None
        values = {"queue": self.list_key, "limit": limit, "window": REDELIVERY_SECONDS}
        found = self._ask(CLAIM, values)
        if found is None:
            return None
        rows, payloads, self.workers, self.next_due = found
        if rows:
            # The look saw the table as it was before these were claimed.
            self.next_due = min(self.next_due or REDELIVERY_SECONDS, REDELIVERY_SECONDS)
        return list(zip(rows or (), payloads or (), strict=True))

    def wait(self) -> float:
        """Seconds until the queue should be looked at again without being woken."""
        if self.failures:
            return max(self.retry_at - time.monotonic(), 0.01)
        if self.next_due is None:
            return POLL_SECONDS
        # A hair more, or a row due in this very instant is looked for too early.
        return min(max(self.next_due, 0.0) + 0.002, POLL_SECONDS)

    def _ask(self, statement: str, parameters: dict) -> tuple | None:
        connection = connections[Conf.ORM]
        try:
            with statements.cursor() as cursor:
                if self.tuned is not connection.connection:
                    cursor.execute(TUNE)
                    self.tuned = connection.connection
                cursor.execute(statement, parameters)
                row = cursor.fetchone()
        except (DatabaseError, InterfaceError) as error:
            backoff = min(0.1 * 2**self.failures, LONGEST_BACKOFF)
            self.failures += 1
            self.retry_at = time.monotonic() + backoff
            connection.close()
            logger.warning("The queue cannot be read, again in %.1f s: %s", backoff, error)
            return None
        self.failures = 0
        return row
