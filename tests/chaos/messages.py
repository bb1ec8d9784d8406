"""Events among the queue's rows: delivered again, lost, and put right by two sweepers at once."""

import threading

from django.db import DatabaseError, InterfaceError, connections, transaction

from jobs.sweeper import Sweeper
from tests.chaos import asking, mix
from tests.chaos.plan import kind

TWICE = """
WITH chosen AS (
    SELECT id, queue FROM jobs_job WHERE status = ANY(%s) ORDER BY random() LIMIT 3
), again AS (
    INSERT INTO django_q_ormq (key, payload, lock) SELECT queue, id::text, now() FROM chosen
    RETURNING key
), early AS (
    UPDATE django_q_ormq SET lock = now() - interval '1 hour' RETURNING key
)
SELECT count(*), count(pg_notify('jobs_queue', key)) FROM again
"""
LOSE = "DELETE FROM django_q_ormq WHERE payload = %s"


@kind(share=35)
def redeliver(storm) -> bool:
    """Rows of jobs in any state come a second time, and those that wait come early."""
    chosen = storm.random.choice([["running"], ["queued", "waiting"], ["succeeded", "cancelled"]])
    return bool(asking.value(TWICE, [chosen]))


@kind(share=20)
def lose_row(storm) -> bool:
    """A job is queued, and its row is lost."""

    def start():
        with transaction.atomic():
            job = mix.start(mix.choose(storm.random), storm.items // 2, storm.seconds)
            with connections["default"].cursor() as cursor:
                cursor.execute(LOSE, [str(job.pk)])
        return job

    storm.jobs.append(asking.insist(start).pk)
    return True


@kind(share=20)
def sweep(storm) -> bool:
    """Two more sweepers beside those of the clusters, at once."""
    outcomes: list[bool] = []
    both = threading.Barrier(2)
    sweepers = [threading.Thread(target=sweep_once, args=(both, outcomes)) for _ in range(2)]
    for sweeper in sweepers:
        sweeper.start()
    for sweeper in sweepers:
        sweeper.join()
    return all(outcomes)


def sweep_once(both: threading.Barrier, outcomes: list[bool]) -> None:
    sweeper = Sweeper()
    sweeper.repair_at = 0  # with all that is usually done every few seconds
    both.wait()
    try:
        sweeper.sweep()
    except (DatabaseError, InterfaceError):
        outcomes.append(False)  # no room for another connection just now
    else:
        outcomes.append(True)
    finally:
        connections.close_all()
