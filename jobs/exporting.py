"""The list of jobs as a file for a spreadsheet."""

import csv
import io
from datetime import datetime

from django.db.models import QuerySet

from jobs.models import Job
from jobs.selectors import status_label

# The newest so many: enough for a spreadsheet, and made in a second.
MOST = 5_000
# Makes spreadsheets read UTF-8.
MARK = "\ufeff"
# The beginnings that a spreadsheet takes for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
HEADINGS = [
    "number", "task", "title", "subject", "queue", "started_by", "status", "done", "failed",
    "total", "attempt", "created_at", "started_at", "finished_at", "message", "error_code",
]  # fmt: skip


def as_csv(jobs: QuerySet[Job]) -> str:
    """One line a job; a cell that a spreadsheet would run is marked as text."""
    text = io.StringIO()
    text.write(MARK)
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for job in jobs.select_related("owner")[:MOST]:
        writer.writerow([_cell(value) for value in _values(job)])
    return text.getvalue()


def _values(job: Job) -> list:
    return [
        job.pk,
        job.task,
        job.title,
        job.subject_label,
        job.queue,
        job.owner.get_username() if job.owner else "",
        status_label(job),
        job.done,
        job.failed,
        job.total,
        job.attempt,
        job.created_at,
        job.started_at,
        job.finished_at,
        job.message,
        job.error_code,
    ]


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
