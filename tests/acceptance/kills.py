"""Kills the worker that holds a job at moments that can be seen from outside."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

from jobs.models import Job, JobEvent, JobItem
from tests.support.workers import Workers, wait_for

HOLDER = """
SELECT w.pid FROM jobs_job j JOIN jobs_worker w ON w.id = j.worker_id
WHERE j.id = %s AND j.status = 'running' AND w.stopped_at IS NULL
"""
# A draft is being written; its file stands and isn't committed; an item was just committed.
DRAFT, FILE, BETWEEN = "draft", "file", "between"
# Everything is committed, and the files that steps left for one another aren't cleared yet.
END = "end"
POINTS = (DRAFT, BETWEEN, FILE)
PATIENCE, STEP = 60, 0.003


@dataclass
class Kills:
    """Strikes one job, and afterwards tells what became of it."""

    workers: Workers
    job: Job
    media: Path
    struck: Counter = field(default_factory=Counter)

    def strike(self, point: str, after: int) -> None:
        """Kills whoever holds the job at the first such moment once `after` items are done."""
        attempt = 1 + self.struck.total()
        pid = wait_for(lambda: self.holder_of(attempt), PATIENCE, f"attempt {attempt} begins")
        self.wait(lambda: self.done() >= after, f"{after} items are done")
        if point in (DRAFT, FILE):
            self.wait(self.drafts, "a draft appears")
        if point == FILE:
            self.wait(lambda: not self.drafts(), "the file is put in place")
        if point == BETWEEN:
            before = self.done()
            self.wait(lambda: self.done() > before, "an item is committed")
        assert self.workers.kill(pid), f"worker {pid} was not there to be killed at {point}"
        self.struck[point] += 1

    def strike_at_the_end(self) -> None:
        """Kills once all is committed, before what the steps left for one another is cleared."""
        attempt = 1 + self.struck.total()
        pid = wait_for(lambda: self.holder_of(attempt), PATIENCE, f"attempt {attempt} begins")
        self.wait(lambda: self.done() == self.read().total, "all items are done")
        assert self.workers.kill(pid), f"worker {pid} was not there to be killed at the end"
        self.struck[END] += 1

    def wait(self, condition, what: str):
        def met():
            job = self.read()
            assert job.is_live, f"{job} is {job.status} ({job.error_message}) before {what}"
            return condition()

        return wait_for(met, PATIENCE, what, STEP)

    def finish(self) -> Job:
        """The job, once it is done."""
        wait_for(lambda: not self.read().is_live, PATIENCE, "the job ends", 0.05)
        return self.read()

    def holder_of(self, attempt: int) -> int | None:
        with connection.cursor() as cursor:
            cursor.execute(HOLDER, [self.job.pk])
            row = cursor.fetchone()
        return row[0] if row and self.read().attempt == attempt else None

    def drafts(self) -> list[Path]:
        """Files that are not whole: none may be left in the end."""
        return [path for path in self.media.rglob(".*") if path.is_file()]

    def done(self) -> int:
        return self.read().done

    def read(self) -> Job:
        return Job.objects.get(pk=self.job.pk)

    def told(self) -> dict:
        """What the engine counts, to be compared with `expected`."""
        items = JobItem.objects.filter(job=self.job)
        job = self.read()
        return {
            "status": job.status,
            "kills": self.struck.total(),
            "claims": JobEvent.objects.filter(job=self.job, name="claim").count(),
            "requeues": JobEvent.objects.filter(job=self.job, name="requeue").count(),
            "done": (job.done, job.failed),
            "items": (items.count(), items.values("key").distinct().count()),
            "items done": items.filter(status=JobItem.Status.DONE).count(),
            "drafts": self.drafts(),
        }

    def expected(self, items: int) -> dict:
        """Each kill one more claim, each item once."""
        kills = self.struck.total()
        return {
            "status": "succeeded",
            "kills": kills,
            "claims": kills + 1,
            "requeues": kills,
            "done": (items, 0),
            "items": (items, items),
            "items done": items,
            "drafts": [],
        }
