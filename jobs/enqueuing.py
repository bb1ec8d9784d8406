"""Starts jobs: job, event and queue row are written together, in the caller's transaction."""

# ruff: noqa: S608  SQL is put together from this program's own constants only

import inspect
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from jobs import conf, kinds, notify, payloads, rows
from jobs.errors import AlreadyRunning, InvalidArguments, JobsError, NotJSON
from jobs.models import Job
from jobs.registry import Task
from jobs.states import LIVE

# The live job may end between the refused insert and the look at it; then there is room again.
TRIES = 5
LATER = "%(start_at)s::timestamptz > statement_timestamp()"

INSERT = f"""
WITH started AS (
    INSERT INTO jobs_job AS job (task, queue, title, subject_type_id, subject_id, subject_label,
        result_url, owner_id, arguments, max_attempts, timeout, status, run_after, message)
    VALUES (%(task)s, %(queue)s, %(title)s, %(subject_type)s, %(subject_id)s, %(subject_label)s,
        %(result_url)s, %(owner)s, %(arguments)s::jsonb, %(max_attempts)s, %(timeout)s,
        CASE WHEN {LATER} THEN 'waiting' ELSE 'queued' END,
        CASE WHEN {LATER} THEN %(start_at)s::timestamptz END,
        CASE WHEN {LATER} THEN 'Starts at the time that was asked for.' ELSE '' END)
    ON CONFLICT (task, subject_type_id, subject_id)
        WHERE status IN ('queued', 'running', 'waiting', 'paused') AND subject_id IS NOT NULL
        DO NOTHING
    RETURNING {rows.columns(rows.WHOLE, "job")}
), noted AS (
    INSERT INTO jobs_jobevent (job_id, name, after, actor_id)
    SELECT id, 'enqueue', status, owner_id FROM started
), queued AS (
    INSERT INTO django_q_ormq (key, payload, lock)
    SELECT queue, id::text, COALESCE(run_after, created_at) FROM started
)
SELECT {rows.columns(rows.WHOLE, "job")} FROM started AS job
"""


def enqueue(
    task: Task,
    *,
    subject: Any = None,
    owner: Any = None,
    start_at: datetime | None = None,
    **arguments: Any,
) -> Job:
    """Start a job of this task; it is taken by a worker once the caller's transaction commits.

    At most one job of a task is alive for a subject: a second start raises AlreadyRunning, and
    the caller's transaction goes on. Arguments are ids and plain JSON. With `start_at`, a moment
    with its time zone, the job waits until then.
    """
    values = _values(task, subject, owner, arguments) | {"start_at": _moment(task, start_at)}
    for _ in range(TRIES):
        job = rows.fetch_job(INSERT, values)
        if job is not None:
            notify.queued(job)
            return job
        live = _live_job(values)
        if live is not None:
            raise AlreadyRunning(live)
    raise JobsError


def _live_job(values: dict) -> Job | None:
    return (
        Job.objects.using(conf.DATABASE)
        .filter(
            task=values["task"],
            subject_type=values["subject_type"],
            subject_id=values["subject_id"],
            status__in=LIVE,
        )
        .first()
    )


def _values(task: Task, subject: Any, owner: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(task, Task):
        raise InvalidArguments(task=repr(task), reason="it is not declared with @task.")
    try:
        task.signature.bind(None, **arguments)
        text = payloads.as_json(arguments, "arguments")
    except (TypeError, NotJSON) as error:
        raise InvalidArguments(task=task.name, reason=str(error)) from error
    for name, value in arguments.items():
        annotation = task.signature.parameters[name].annotation
        if not kinds.fits(value, annotation):
            wanted = inspect.formatannotation(annotation)
            reason = f"{name} must be {wanted}, not {payloads.as_text(repr(value), 80)}."
            raise InvalidArguments(task=task.name, reason=reason)
    values = {
        "task": task.name,
        "queue": task.queue,
        "title": payloads.as_text(task.title, 150),
        "owner": owner and owner.pk,
        "arguments": text,
        "max_attempts": task.max_attempts,
        "timeout": task.timeout,
        "subject_type": None,
        "subject_id": None,
        "subject_label": "",
        "result_url": "",
    }
    return values if subject is None else values | _subject_values(task, subject)


def _moment(task: Task, start_at: Any) -> datetime | None:
    if start_at is None or (isinstance(start_at, datetime) and timezone.is_aware(start_at)):
        return start_at
    reason = f"start_at must be a datetime with a time zone, not {start_at!r}."
    raise InvalidArguments(task=task.name, reason=reason)


def _subject_values(task: Task, subject: Any) -> dict[str, Any]:
    # The label and the address are kept, so that showing a job asks nothing of its subject and a
    # job still says what it was about after its subject is gone.
    if not isinstance(subject.pk, int):
        raise InvalidArguments(
            task=task.name,
            reason=f"its subject must be a saved row with a number, not {subject!r}.",
        )
    find_url = getattr(subject, "get_absolute_url", None)
    return {
        "subject_type": ContentType.objects.get_for_model(subject).pk,
        "subject_id": subject.pk,
        "subject_label": payloads.as_text(subject, 150),
        "result_url": find_url() if find_url else "",
    }
