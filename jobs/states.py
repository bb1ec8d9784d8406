"""The states of a job and the one table of its legal moves; `moves.move` is what makes them."""

from dataclasses import dataclass

from django.db import models


class Status(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    WAITING = "waiting", "Waiting"
    PAUSED = "paused", "Paused"
    SUCCEEDED = "succeeded", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


LIVE = frozenset({Status.QUEUED, Status.RUNNING, Status.WAITING, Status.PAUSED})
FINAL = frozenset({Status.SUCCEEDED, Status.FAILED, Status.CANCELLED})


def tone(status: str, failed: int) -> str:
    """Colour of the badge: a job that ended with failed items is amber, not green."""
    if status == Status.SUCCEEDED:
        return "warn" if failed else "ok"
    return {
        Status.RUNNING: "accent",
        Status.WAITING: "warn",
        Status.PAUSED: "warn",
        Status.FAILED: "bad",
    }.get(status, "")


@dataclass(frozen=True)
class Move:
    """From where to where, under which condition, with which columns, and the queue's part in it.

    `sets`, `where`, `lock` and `due` are SQL over the job's row before the move; named slots are
    filled by whoever asks for the move.
    """

    sources: frozenset[Status]
    target: Status
    sets: str = ""
    where: str = "true"
    unqueue: bool = False  # delete the job's queue row
    lock: str = ""  # write a queue row that may be taken from then on
    due: str = ""  # since when the move could have been made, for its event
    reset_items: bool = False  # failed items become to do again
    durable: bool = True  # wait for the disk; else a crash undoes the move, harmlessly
    verb: str = ""  # for people: "a job that is done can't …"


RUNNING = frozenset({Status.RUNNING})
LET_GO = "fence = NULL, worker_id = NULL"
ENDED = (
    f"{LET_GO}, run_after = NULL, pause_requested_at = NULL, "
    "finished_at = statement_timestamp(), step = ''"
)
# Seconds by the database's clock: that of the worker's machine may be an hour off.
AFTER_WAIT = "statement_timestamp() + %(wait)s::float8 * interval '1 second'"
NOT_CANCELLED = "job.cancel_requested_at IS NULL"
# What a running job is asked for comes first, so no job that waits carries an unanswered request.
NOT_ASKED = f"{NOT_CANCELLED} AND job.pause_requested_at IS NULL"
# A task may itself be what brings the database down: then its attempts count in the end.
FEW_OUTAGES = """(SELECT count(*) FROM jobs_jobevent AS met WHERE met.job_id = job.id
    AND met.name = 'sit_out' AND met.at > statement_timestamp() - interval '1 hour') < 20"""

MOVES: dict[str, Move] = {
    "claim": Move(
        sources=frozenset({Status.QUEUED, Status.WAITING}),
        target=Status.RUNNING,
        # A stray queue row must not start a waiting job early, nor an old program a new task.
        where="(job.status = 'queued' OR job.run_after <= statement_timestamp()) "
        "AND job.task = ANY(%(tasks)s::text[])",
        sets="fence = %(new_fence)s, worker_id = %(worker_id)s, attempt = job.attempt + 1, "
        "started_at = COALESCE(job.started_at, statement_timestamp()), run_after = NULL, "
        "message = '', mark_at = statement_timestamp(), mark_settled = job.done + job.failed, "
        "earlier_mark_at = statement_timestamp(), earlier_mark_settled = job.done + job.failed",
        unqueue=True,
        due="COALESCE(job.run_after, job.queued_at)",
        durable=False,
        verb="be started",
    ),
    # The worker is being stopped: not the job's fault, so it gets the attempt back.
    "release": Move(
        sources=RUNNING,
        target=Status.QUEUED,
        where=NOT_ASKED,
        sets=f"{LET_GO}, attempt = job.attempt - 1, queued_at = statement_timestamp()",
        lock="created_at",
        verb="be given back",
    ),
    # The worker died: the attempt counts, and the job goes to the front of its queue.
    "requeue": Move(
        sources=RUNNING,
        target=Status.QUEUED,
        where=f"{NOT_ASKED} AND job.attempt < job.max_attempts",
        sets=f"{LET_GO}, queued_at = statement_timestamp()",
        lock="created_at",
        verb="be queued again",
    ),
    # Something outside asks for patience (rate limit, open circuit): the attempt doesn't count.
    "hold": Move(
        sources=RUNNING,
        target=Status.WAITING,
        where=NOT_ASKED,
        sets=f"{LET_GO}, attempt = job.attempt - 1, run_after = {AFTER_WAIT}, "
        "message = %(message)s, step = ''",
        lock="run_after",
        verb="wait",
    ),
    # The database went away under the run: that costs a pause, and the attempt doesn't count.
    "sit_out": Move(
        sources=RUNNING,
        target=Status.WAITING,
        where=f"{NOT_ASKED} AND {FEW_OUTAGES}",
        sets=f"{LET_GO}, attempt = job.attempt - 1, run_after = {AFTER_WAIT}, "
        "message = %(message)s, step = ''",
        lock="run_after",
        verb="wait",
    ),
    # An error that may pass: the attempt counts.
    "back_off": Move(
        sources=RUNNING,
        target=Status.WAITING,
        where=f"{NOT_ASKED} AND job.attempt < job.max_attempts",
        sets=f"{LET_GO}, run_after = {AFTER_WAIT}, message = %(message)s, step = ''",
        lock="run_after",
        verb="wait",
    ),
    "succeed": Move(
        sources=RUNNING,
        target=Status.SUCCEEDED,
        sets=f"{ENDED}, result = %(result)s, message = %(message)s",
        verb="succeed",
    ),
    "fail": Move(
        sources=RUNNING,
        target=Status.FAILED,
        sets=f"{ENDED}, message = %(message)s, error_code = %(error_code)s, "
        "error_message = %(message)s, error_detail = %(error_detail)s",
        verb="fail",
    ),
    "cancel": Move(
        sources=frozenset({Status.QUEUED, Status.WAITING, Status.PAUSED}),
        target=Status.CANCELLED,
        sets=f"{ENDED}, message = %(message)s, "
        "cancel_requested_at = COALESCE(job.cancel_requested_at, statement_timestamp())",
        unqueue=True,
        verb="be cancelled",
    ),
    # The same for a running job: only its own worker, or who buries that worker, makes this move.
    "abort": Move(
        sources=RUNNING,
        target=Status.CANCELLED,
        where="job.cancel_requested_at IS NOT NULL",
        sets=f"{ENDED}, message = %(message)s",
        verb="be cancelled",
    ),
    # Whatever it waits for is kept: resumed before its time, it goes on waiting.
    "pause": Move(
        sources=frozenset({Status.QUEUED, Status.WAITING}),
        target=Status.PAUSED,
        sets="step = ''",
        unqueue=True,
        verb="be paused",
    ),
    # The same for a running job: only its own worker, or who buries that worker, makes this move.
    # Who doesn't get the attempt back must have another one left.
    "suspend": Move(
        sources=RUNNING,
        target=Status.PAUSED,
        where=f"{NOT_CANCELLED} AND job.pause_requested_at IS NOT NULL "
        "AND (%(given_back)s = 1 OR job.attempt < job.max_attempts)",
        sets=f"{LET_GO}, attempt = job.attempt - %(given_back)s, run_after = {AFTER_WAIT}, "
        "message = %(message)s, pause_requested_at = NULL, step = ''",
        verb="be paused",
    ),
    "resume": Move(
        sources=frozenset({Status.PAUSED}),
        target=Status.QUEUED,
        where="(job.run_after IS NULL OR job.run_after <= statement_timestamp())",
        sets="run_after = NULL, queued_at = statement_timestamp()",
        lock="created_at",
        verb="be resumed",
    ),
    "resume_later": Move(
        sources=frozenset({Status.PAUSED}),
        target=Status.WAITING,
        where="job.run_after > statement_timestamp()",
        sets="queued_at = statement_timestamp()",
        lock="run_after",
        verb="be resumed",
    ),
    "retry": Move(
        sources=FINAL,
        target=Status.QUEUED,
        # What is wholly done isn't done twice.
        where="(job.status <> 'succeeded' OR job.failed > 0)",
        sets="attempt = 0, failed = 0, result = NULL, message = '', error_code = '', "
        "error_message = '', error_detail = '', cancel_requested_at = NULL, started_at = NULL, "
        "pause_requested_at = NULL, seen_at = NULL, "
        "finished_at = NULL, queued_at = statement_timestamp()",
        lock="statement_timestamp()",
        reset_items=True,
        verb="be tried again",
    ),
}
