"""Workers that are frozen and let go: past their lease zombies, which must not write."""

import os
import signal
import time
from dataclasses import dataclass

from tests.chaos import asking
from tests.chaos.plan import kind
from tests.support.workers import Workers

# Several at once, so that the waits overlap; of one cluster, so that the other goes on.
AT_ONCE = 3
BATCH_SECONDS = 5.0
# Nobody takes a lease sooner: no need to ask.
LOOK_AFTER = 19.0
LEASE_ENDED = "SELECT 1 FROM jobs_worker WHERE id = %s AND stopped_at IS NOT NULL"
HELD_BY = "SELECT id FROM jobs_worker WHERE pid = %s AND stopped_at IS NULL"
# Longer than an idle transaction lasts, and not as long as a lease.
NAP_SECONDS = 16.0


@dataclass
class Frozen:
    cluster: Workers
    pid: int
    worker: int
    at: float  # of time.monotonic()
    moment: float  # by the database's clock
    wake_at: float | None = None  # None: its lease has not been seen to end yet
    nap: bool = False  # let go before its lease ends


@kind(share=50)
def freeze(storm) -> bool:
    """SIGSTOP for a busy worker, until others have taken its job."""
    job = stop(storm)
    if job is not None:
        storm.struck("freeze", [job], storm.frozen[-1].moment)
    return job is not None


@kind(share=10)
def nap(storm) -> bool:
    """SIGSTOP for a busy worker, which goes on with its job when it wakes."""
    if stop(storm) is None:
        return False
    storm.frozen[-1].nap = True
    storm.frozen[-1].wake_at = storm.frozen[-1].at + NAP_SECONDS
    return True


def stop(storm) -> int | None:
    """Freeze one more worker of those that run jobs; gives its job, None if none is to be had."""
    begun = storm.frozen[0] if storm.frozen else None
    if begun and (len(storm.frozen) >= AT_ONCE or time.monotonic() - begun.at > BATCH_SECONDS):
        return None
    chosen = begun.cluster if begun else storm.random.choice(storm.clusters)
    found = [(job, pid) for job, held_by, pid in storm.busy() if held_by is chosen]
    if not found:
        return None
    job, pid = storm.random.choice(found)
    worker = asking.rows(HELD_BY, [pid])
    moment = asking.now()
    if not worker or not chosen.kill(pid, signal.SIGSTOP):
        return None
    storm.frozen.append(Frozen(chosen, pid, worker[0][0], time.monotonic(), moment))
    return job


def wake_due(storm) -> None:
    """Let go whoever has been frozen past its lease, some up to three seconds later."""
    now = time.monotonic()
    for frozen in [*storm.frozen]:
        if frozen.wake_at is None and now - frozen.at > LOOK_AFTER:
            if asking.rows(LEASE_ENDED, [frozen.worker]):
                frozen.wake_at = now + storm.random.uniform(0, 3)
        elif frozen.wake_at is not None and now >= frozen.wake_at:
            storm.frozen.remove(frozen)
            woken = frozen.cluster.kill(frozen.pid, signal.SIGCONT)
            storm.zombies += woken and not frozen.nap
    for frozen in [*storm.frozen]:
        if not exists(frozen.pid):
            storm.frozen.remove(frozen)


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
