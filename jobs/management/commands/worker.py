"""manage.py worker: runs jobs of one or more queues until it is told to stop."""

import os
import time
from importlib import import_module

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, connection, connections

from jobs import conf

WAIT_STEP_SECONDS = 1.0
TABLES = ("jobs_job", "jobs_jobqueue", "django_q_ormq")
TABLES_ARE_THERE = """
SELECT bool_and(to_regclass(name) IS NOT NULL) FROM unnest(%s::text[]) AS name
"""


class Command(BaseCommand):
    help = "Run jobs. Without --queue every queue is served, with the worker counts of settings."

    def add_arguments(self, parser):
        parser.add_argument(
            "--queue",
            action="append",
            dest="queues",
            metavar="NAME",
            help="serve this queue only; may be given more than once",
        )
        parser.add_argument(
            "--workers",
            type=int,
            metavar="N",
            help="workers of each queue served",
        )
        parser.add_argument(
            "--wait",
            type=float,
            default=60,
            metavar="SECONDS",
            help="how long to wait for the database and its tables (default 60)",
        )

    def handle(self, *, queues, workers, wait, **options):
        counts = worker_counts(queues, workers)
        if "pool" in settings.DATABASES["default"].get("OPTIONS", {}):
            raise CommandError(
                "Workers fork, and a connection pool does not survive that: "
                "run this with SYNAPSE_PROCESS=worker, as manage.py does."
            )
        self.wait_for_tables(wait)
        for module in conf.PRELOAD:
            import_module(module)
        # Nothing may be open when the first cluster forks.
        connections.close_all()
        from jobs.cluster.fleet import Fleet

        shown = ", ".join(f"{queue} x {count}" for queue, count in counts.items())
        self.stdout.write(f"Workers (pid {os.getpid()}): {shown}. Stop with Ctrl-C.")
        self.stdout.flush()
        Fleet(counts).run()

    def wait_for_tables(self, seconds: float) -> None:
        """Return once the database answers and is migrated, so clusters never start into a void."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                with connection.cursor() as cursor:
                    cursor.execute(TABLES_ARE_THERE, [list(TABLES)])
                    if cursor.fetchone()[0]:
                        return
                problem = "its tables are missing: run manage.py migrate"
            except (DatabaseError, InterfaceError) as error:
                connection.close()
                problem = str(error).strip()
            if time.monotonic() >= deadline:
                raise CommandError(f"The database is not ready after {seconds:.0f} s: {problem}")
            time.sleep(WAIT_STEP_SECONDS)


def worker_counts(queues: list[str] | None, workers: int | None) -> dict[str, int]:
    """Workers by queue: the queues asked for, or all of settings.JOBS."""
    known = settings.JOBS["WORKERS"]
    unknown = sorted(set(queues or ()) - set(known))
    if unknown:
        raise CommandError(
            f"No such queue: {', '.join(unknown)}. Queues are {', '.join(sorted(known))}."
        )
    if workers is not None and not 1 <= workers <= conf.MOST_WORKERS:
        raise CommandError(f"--workers must be 1 to {conf.MOST_WORKERS}.")
    counts = {queue: workers or known[queue] for queue in queues or known}
    served = {queue: count for queue, count in counts.items() if count > 0}
    if not served:
        raise CommandError("Settings give these queues no workers: say how many with --workers.")
    return served
