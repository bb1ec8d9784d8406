"""Events that cut one database connection, as an administrator or a network may."""

from tests.chaos import asking
from tests.chaos.plan import kind

# Workers, pusher and monitor name their main connections alike: the last statement tells which.
OF_PUSHER = "FOR UPDATE SKIP LOCKED|ORDER BY key, lock LIMIT 1|jobs_jobqueue"
OF_MONITOR = r"max\(e\.at\)|pg_postmaster_start_time|w\.stopped_at IS NOT NULL|^WITH checked"
CUT = """
SELECT pg_terminate_backend(pid) FROM (
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = %s
        AND (query ~ %s) AND (query !~ %s) AND pid <> pg_backend_pid()
    ORDER BY random() LIMIT 1
) chosen
"""
ANY, NONE = "", "^\\b$"


@kind(share=60)
def cut_worker(storm) -> bool:
    """The connection on which a worker's job reads and writes."""
    return cut("synapse-worker", ANY, f"{OF_PUSHER}|{OF_MONITOR}")


@kind(share=30)
def cut_beat(storm) -> bool:
    return cut("synapse-worker beat")


@kind(share=25)
def cut_listen(storm) -> bool:
    """The connection on which a pusher hears of new work."""
    return cut("synapse-worker listen")


@kind(share=20)
def cut_pusher(storm) -> bool:
    return cut("synapse-worker", OF_PUSHER)


@kind(share=15)
def cut_monitor(storm) -> bool:
    return cut("synapse-worker", OF_MONITOR)


def cut(name: str, of: str = ANY, not_of: str = NONE) -> bool:
    found = asking.rows(CUT, [name, of, not_of])
    return bool(found) and found[0][0]
