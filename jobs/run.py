"""One run of a job as its task sees it: plan the items, ask about them, commit each one."""

import logging
import time
from collections.abc import Awaitable, Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from django.db import InterfaceError, OperationalError, transaction

from jobs import conf, notify, progress
from jobs.errors import CancelSeen, PauseSeen, RunEnded, StopSeen, TimedOut
from jobs.items import Item, PlannedItem
from jobs.judging import Judgement, judge
from jobs.mapping import Mapping, Outcome
from jobs.models import Job, JobItem
from jobs.pauses import close_connections, require_no_transaction

logger = logging.getLogger(__name__)

LONGEST_WAIT = 60.0


class JobRun:
    """The job in the hands of a worker: everything written through it is proved by its fence.

    Ends by a RunEnded signal at the next item boundary when the job is to be cancelled or paused,
    its worker to stop, its time is up, or its lease was lost.
    """

    def __init__(self, job: Job, *, stopping: Callable[[], bool] = lambda: False):
        self.job = job
        self.deferred: list[Judgement] = []  # items that failed now, to be tried at another attempt
        self.deadline = time.monotonic() + job.timeout
        self.looked = time.monotonic()  # when it last knew what people ask of the job
        self.ended: RunEnded | None = None  # what it was told to end by; there is no way back
        self.ended_at: float | None = None
        self.summons: RunEnded | None = None  # what to end by when the alarm rings
        self.interrupted = False  # by the alarm, so perhaps in the middle of a query
        self._stopping = stopping
        self._asked = progress.Asked()
        self._told = time.monotonic()
        self._untold = False
        self._mapping: Mapping | None = None

    def plan(
        self, items: Iterable[PlannedItem] | Callable[[], Iterable[PlannedItem]]
    ) -> list[Item]:
        """The items not yet done; made at the first call of the job's life, with the total.

        A callable is only called then. Its reads are its own; the items are written all or none.
        """
        self.check()
        if self.job.total is None:
            require_no_transaction("run.plan")
            planned = items() if callable(items) else items
            self.job.version = progress.write_plan(self.job, planned)
            self._tell()
        return progress.pending_items(self.job)

    def map(
        self,
        ask: Callable[[Item], Awaitable[Any]],
        items: Sequence[Item],
        concurrency: int = 8,
    ) -> Generator[tuple[Item, Any], None, None]:
        """Ask about the items, `concurrency` at a time; yields (item, answer) as answers come.

        While it waits no transaction is open and no connection held. Items whose call failed are
        recorded and not yielded; an error that concerns all items, or a request to pause, ends the
        asking and is raised once the calls in flight have been used.
        """
        require_no_transaction("run.map")
        self._go_on()
        if not items:
            return
        mapping = self._mapping = Mapping(ask, items, concurrency)
        stopper: BaseException | None = None
        try:
            while (outcome := self._next_outcome(mapping)) is not None:
                if outcome.error is None:
                    yield outcome.item, outcome.answer
                elif not self._record_failure(outcome.item, outcome.error):
                    stopper = stopper or outcome.error
                    mapping.drain()
            left = mapping.items_left()
        finally:
            self._mapping = None
            mapping.cancel()
        if stopper is not None:
            raise stopper
        if left:
            self.end(PauseSeen())

    @contextmanager
    def commit(self, item: Item, *, failure: Exception | None = None) -> Iterator[None]:
        """One short transaction in which the item takes effect: the rows you write, its state and
        the job's counters, proved by the fence at the end.

        An error of this item alone is recorded, and the loop goes on. With `failure` the item
        counts as failed although the rows are kept: it was done in part.
        """
        require_no_transaction("run.commit")
        self._go_on()
        settled = (JobItem.Status.DONE,)
        if failure is not None:
            verdict = judge(failure)
            settled = (JobItem.Status.FAILED, verdict.code, verdict.message)
        try:
            with transaction.atomic(using=conf.DATABASE):
                yield
                counters = progress.settle(self.job, item, *settled)
            self._apply(counters)
        except Exception as error:
            if not self._record_failure(item, error):
                raise
        if self._mapping is None:  # else run.map first hands out the answers it already has
            self._raise_signal()

    def step(self, text: str) -> None:
        """Say what is being done; committed, so that everybody watching sees it."""
        self.check()
        self.job.version, asked = progress.write_step(self.job, text)
        self._hear(asked)
        self._tell()

    def check(self) -> None:
        """An item boundary of its own, for long stretches without items."""
        self._raise_signal()
        if time.monotonic() - self.looked >= conf.CANCEL_POLL:
            self._look()
            self._raise_signal()

    def end(self, signal: RunEnded) -> NoReturn:
        """Raise what ends the run; a task that swallows it is told again whatever it does next."""
        self.ended, self.ended_at = signal, time.monotonic()
        raise signal

    def wake(self) -> None:
        """Look at once whether the worker is to stop; safe in a signal handler."""
        mapping = self._mapping
        if mapping is not None:
            mapping.wake()

    def _record_failure(self, item: Item, error: BaseException) -> bool:
        """Write down that this item failed; False if the error concerns more than the item."""
        verdict = judge(error)
        if verdict.stops_job or verdict.retry_at:
            return False
        again = verdict.retryable and self.job.attempt < self.job.max_attempts
        status = JobItem.Status.PENDING if again else JobItem.Status.FAILED
        with transaction.atomic(using=conf.DATABASE):
            counters = progress.settle(self.job, item, status, verdict.code, verdict.message)
        if again:
            self.deferred.append(verdict)
        self._apply(counters)
        return True

    def _next_outcome(self, mapping: Mapping) -> Outcome | None:
        signal = self._signal()
        if signal is not None and not isinstance(signal, PauseSeen):
            # The calls in flight end now; answers that are already here were paid for.
            mapping.cancel()
            outcome = mapping.next(0)
            if outcome is None:
                self.end(signal)
            return outcome
        outcome = mapping.next(0) or mapping.next(conf.CONNECTION_GRACE)
        while outcome is None and not mapping.is_over():
            require_no_transaction("run.map")
            self._raise_signal()
            self._tell_later()
            close_connections()
            outcome = mapping.next(self._patience())
            if outcome is None and time.monotonic() - self.looked >= conf.CANCEL_POLL:
                self._look()
        return outcome

    def _patience(self) -> float:
        moments = [self.looked + conf.CANCEL_POLL, self.deadline]
        if self._untold:
            moments.append(self._told + conf.NOTIFY_INTERVAL)
        return min(max(min(moments) - time.monotonic(), 0.01), LONGEST_WAIT)

    def _look(self) -> None:
        self.looked = time.monotonic()  # also if it fails: not more often than the interval
        try:
            self._hear(progress.look(self.job))
        except (OperationalError, InterfaceError) as error:
            # The calls in flight are worth more than one look; a commit will find out.
            logger.warning("Job %s can't look for its requests now: %s", self.job.pk, error)
            close_connections()

    def _signal(self) -> RunEnded | None:
        """The strongest reason to end; a pause, which can wait, is the weakest."""
        if self._asked.cancel:
            return CancelSeen()
        if self._stopping():
            return StopSeen()
        if time.monotonic() >= self.deadline:
            return TimedOut()
        return PauseSeen() if self._asked.pause else None

    def _go_on(self) -> None:
        if self.ended is not None:
            raise self.ended

    def _raise_signal(self) -> None:
        self._go_on()
        signal = self._signal()
        if signal is None or (isinstance(signal, PauseSeen) and self._mapping is not None):
            return  # run.map itself pauses, once the calls in flight have been used
        self.end(signal)

    def _hear(self, asked: progress.Asked) -> None:
        self._asked = asked
        self.looked = time.monotonic()
        if asked.pause and self._mapping is not None:
            self._mapping.drain()

    def _apply(self, counters: progress.Counters) -> None:
        self.job.version, self.job.done, self.job.failed = (
            counters.version,
            counters.done,
            counters.failed,
        )
        self._hear(counters.asked)
        self._tell()

    def _tell(self) -> None:
        self._untold = True
        self._tell_later()

    def _tell_later(self) -> None:
        """Notify of the newest version, but not more often than the interval allows."""
        if self._untold and time.monotonic() - self._told >= conf.NOTIFY_INTERVAL:
            self._told = time.monotonic()
            self._untold = False
            notify.progress(self.job)
