"""Running totals: rare happenings counted at once, and what job events say added up later."""

import logging
import math
from datetime import UTC, datetime, timedelta

from django.db import Error, connections, transaction

from jobs import conf

logger = logging.getLogger(__name__)

# What is told: from the moment a job could be taken to its claim, and from the claim to the end
# of that attempt, in seconds; how jobs ended; jobs taken from the dead; LISTEN that came back.
PICKUP, RUN_TIME, OUTCOME, RESCUE = "pickup", "run_time", "outcome", "rescue"
RECONNECT = "listen_reconnect"

# Upper ends, in seconds; each in the row of its own that it counts in, as Prometheus' `le` has it.
PICKUP_ENDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0)
RUN_TIME_ENDS = (0.01, 0.05, 0.25, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0)
ENDS = {PICKUP: [*PICKUP_ENDS, math.inf], RUN_TIME: [*RUN_TIME_ENDS, math.inf]}

# A row is added up only once it has lain for this long. See LIMIT.
SETTLE_SECONDS = 10.0
# Events of one transaction, and transactions of one call at most.
BATCH, BATCHES = 20_000, 50

COUNT = """
INSERT INTO jobs_tally (figure, queue, task, outcome, count) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (figure, queue, task, outcome, bucket)
DO UPDATE SET count = jobs_tally.count + excluded.count
"""

# The cursor is a row of the same table: microseconds since 1970 up to which events are added up.
OPEN_CURSOR = "INSERT INTO jobs_tally (figure) VALUES ('folded') ON CONFLICT DO NOTHING"
LOCK_CURSOR = "SELECT count FROM jobs_tally WHERE figure = 'folded' FOR UPDATE"
MOVE_CURSOR = "UPDATE jobs_tally SET count = %s WHERE figure = 'folded'"

# Ids are given out before the commit, so an id (or a moment) that is seen says nothing about those
# below it: a transaction that is still open may yet bring one, and behind the cursor it would
# never be counted. An event's moment is that of its statement, so an open transaction can only
# bring events from its own beginning on; one that has written nothing so far, from its present
# statement on. The settling time covers what the server has not yet shown of itself.
LIMIT = """
SELECT least(
    statement_timestamp() - %s * interval '1 second',
    (SELECT min(CASE WHEN backend_xid IS NULL THEN query_start ELSE xact_start END)
     FROM pg_stat_activity
     WHERE pid <> pg_backend_pid() AND datname = current_database()
        AND (backend_xid IS NOT NULL OR state = 'active'))
), set_config('enable_seqscan', 'off', true)
"""
# The first so many as they lie on the disk, which is nearly by time. Whatever this answers, each
# event falls into exactly one stretch.
STRETCH = """
SELECT max(at) FROM (
    SELECT at FROM jobs_jobevent WHERE at > %s AND at < %s LIMIT %s
) AS first
"""
FOLD = """
WITH fresh AS (
    SELECT event.*, job.queue, job.task FROM jobs_jobevent AS event
    JOIN jobs_job AS job ON job.id = event.job_id
    WHERE event.at > %(after)s AND event.at <= %(to)s AND event.before <> event.after
), timed AS (
    SELECT 'pickup' AS figure, queue, '' AS task, extract(epoch FROM at - due_at) AS seconds,
        %(pickup)s::float8[] AS ends
    FROM fresh WHERE name = 'claim' AND due_at IS NOT NULL
    UNION ALL
    SELECT 'run_time', '', task, extract(epoch FROM at - (
        SELECT max(claim.at) FROM jobs_jobevent AS claim
        WHERE claim.job_id = fresh.job_id AND claim.name = 'claim' AND claim.id < fresh.id
    )), %(run_time)s::float8[]
    FROM fresh WHERE before = 'running'
), found AS (
    SELECT figure, queue, task, '' AS outcome, greatest(seconds, 0)::float8 AS seconds,
        (SELECT min(upper) FROM unnest(ends) AS upper WHERE upper >= seconds) AS bucket
    FROM timed WHERE seconds IS NOT NULL
    UNION ALL
    SELECT 'outcome', queue, task, CASE WHEN code = 'items_failed' THEN 'partial' ELSE after END,
        0, 0
    FROM fresh WHERE after IN ('succeeded', 'failed', 'cancelled')
    UNION ALL
    SELECT 'rescue', queue, '', CASE name WHEN 'requeue' THEN 'requeued' ELSE 'given_up' END, 0, 0
    FROM fresh WHERE name = 'requeue' OR code = 'worker_lost'
)
INSERT INTO jobs_tally AS tally (figure, queue, task, outcome, bucket, count, seconds)
SELECT figure, queue, task, outcome, bucket, count(*), sum(seconds) FROM found
GROUP BY figure, queue, task, outcome, bucket
ON CONFLICT (figure, queue, task, outcome, bucket) DO UPDATE
SET count = tally.count + excluded.count, seconds = tally.seconds + excluded.seconds
"""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def count(
    figure: str, *, queue: str = "", task: str = "", outcome: str = "", amount: int = 1
) -> None:
    """Add to a total of something rare, such as a LISTEN that came back.

    Never fails its caller: a total that can't be written is logged, and lost.
    """
    values = [figure, queue, task, outcome, amount]
    connection = connections[conf.DATABASE]
    try:
        _count(values)
    except Error as error:
        if connection.in_atomic_block:
            logger.warning("%s was not counted: %s", figure, error)
            return
        # What is counted is often an outage, which this connection has met as well.
        connection.close()
        try:
            _count(values)
        except Error as again:
            logger.warning("%s was not counted: %s", figure, again)


def _count(values: list) -> None:
    # A savepoint, in a caller's transaction.
    with transaction.atomic(using=conf.DATABASE), connections[conf.DATABASE].cursor() as cursor:
        cursor.execute(COUNT, values)


def fold(batches: int = BATCHES) -> datetime:
    """Add up the events since the last time, each exactly once however many do this at once.

    Returns a moment before which all are added up, so older events may be deleted. In a backlog
    it stops after so many batches, and the next call goes on.
    """
    for _ in range(batches):
        moment, more = _fold_batch()
        if not more:
            break
    return moment


def _fold_batch() -> tuple[datetime, bool]:
    """One stretch of events in one transaction; the moment reached, and whether more are left."""
    with transaction.atomic(using=conf.DATABASE), connections[conf.DATABASE].cursor() as cursor:
        cursor.execute(LOCK_CURSOR)
        if (row := cursor.fetchone()) is None:
            cursor.execute(OPEN_CURSOR)
            cursor.execute(LOCK_CURSOR)
            row = cursor.fetchone()
        after = EPOCH + row[0] * MICROSECOND
        # In statements of their own: what is committed by the limit must be seen afterwards.
        cursor.execute(LIMIT, [SETTLE_SECONDS])
        limit = cursor.fetchone()[0]
        cursor.execute(STRETCH, [after, limit, BATCH])
        to = cursor.fetchone()[0]
        if to is None:
            return limit, False
        cursor.execute(FOLD, {"after": after, "to": to, **ENDS})
        cursor.execute(MOVE_CURSOR, [(to - EPOCH) // MICROSECOND])
        return to, True
