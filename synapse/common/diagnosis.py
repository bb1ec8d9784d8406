"""What is wrong with this installation, and how to mend each of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.checks import run_checks
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from django.utils import timezone

from jobs import health as jobs_health
from jobs import punctuality
from llm import drift
from llm import health as llm_health
from synapse.common import embedded

# A due job that waits longer has too few workers before it, or stuck ones.
OLDEST_SECONDS = 300


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `mend` says what to do when it is not well."""

    subject: str
    well: bool
    message: str
    mend: str = ""


def examine() -> Iterator[Finding]:
    """Settings, database, migrations, queues, jobs, clock, model.

    What needs the database stops with it, and no model is asked by settings that can't be right.
    """
    settings = _settings()
    yield settings
    database = _database()
    yield database
    if database.well:
        migrations = _migrations()
        yield migrations
        if migrations.well:
            yield from _queues()
            yield from _strange()
            yield _unattended()
            yield from _periodic()
            if settings.well:
                yield from _models()


def _settings() -> Finding:
    """What the system checks say; with an error among it, other commands don't start."""
    found = [each for each in run_checks() if not each.is_silenced()]
    message = " ".join(str(each.msg) for each in found) or "no check objects to them"
    mend = " ".join(str(each.hint) for each in found if each.hint)
    return Finding("settings", not any(each.is_serious() for each in found), message, mend)


def _database() -> Finding:
    place = embedded.describe()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0]
    except DatabaseError as error:
        mend = (
            "Start everything with manage.py up."
            if embedded.in_use()
            else "Check DATABASE_URL, and that the server runs and lets this host in."
        )
        reason = str(error).strip().splitlines()[0]
        return Finding("database", False, f"{place} does not answer: {reason}", mend)
    return Finding("database", True, f"{place}, version {version}")


def _migrations() -> Finding:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        names = ", ".join(f"{each.app_label} {each.name}" for each, _ in missing[:3])
        message = f"{len(missing)} not applied, first {names}"
        return Finding("migrations", False, message, "Run manage.py migrate.")
    return Finding("migrations", True, "all applied")


def _queues() -> Iterator[Finding]:
    for queue in jobs_health.queues():
        subject = f"queue {queue.queue}"
        message = f"{queue.workers} workers alive, {queue.running} running, {queue.due} due"
        if queue.oldest_seconds is not None:
            message += f", the oldest for {queue.oldest_seconds:.0f} s"
        if queue.paused_at:
            message += f", paused since {queue.paused_at:%Y-%m-%d %H:%M} UTC"
        if queue.workers == 0:
            mend = f"Start some: manage.py worker --queue {queue.queue} (or manage.py up)."
            yield Finding(subject, False, message, mend)
        elif (queue.oldest_seconds or 0) > OLDEST_SECONDS:
            mend = f"Add workers: manage.py worker --queue {queue.queue} --workers N."
            if queue.paused_at:
                mend = "Resume it on the queues page, or tell those who wait."
            yield Finding(subject, False, message, mend)
        else:
            yield Finding(subject, True, message)


def _strange() -> Iterator[Finding]:
    for task, count, first in jobs_health.jobs_of_strange_tasks():
        message = f"{count} jobs wait, from #{first} on; this version of the program lacks it"
        mend = "Start workers of a version that has it; if it is gone for good, cancel the jobs."
        yield Finding(f"task {task}", False, message, mend)


def _unattended() -> Finding:
    stuck = jobs_health.jobs_without_live_worker()
    if stuck:
        numbers = ", ".join(f"#{pk}" for pk in stuck[:10])
        return Finding(
            "running jobs",
            False,
            f"{len(stuck)} without a live worker: {numbers}",
            "Any running worker puts them back in the queue within 20 s; start one.",
        )
    return Finding("running jobs", True, "each has a live worker")


def _periodic() -> Iterator[Finding]:
    troubles = punctuality.troubles()
    for trouble in troubles:
        yield Finding(f"periodic task {trouble.task}", False, trouble.message, trouble.mend)
    if not troubles:
        yield Finding("periodic tasks", True, "none is late, and none failed")


def _models() -> Iterator[Finding]:
    for found in llm_health.check_all():
        yield Finding("model", found.ok, f"{found.label}: {found.message}", found.mend)
    for change in drift.since(timezone.now() - drift.TOLD_FOR):
        message = (
            f"{change.asked} answers as {change.returned} since {change.at:%Y-%m-%d %H:%M} UTC, "
            f"before as {change.before}"
        )
        mend = "Name a dated model instead, and evaluate its prompts again (manage.py evaluate)."
        yield Finding("model", False, message, mend)
