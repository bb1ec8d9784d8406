"""Workers that are frozen past their lease and then let go: zombies, which must not write."""

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
HELD_BY = """
SELECT w.id FROM jobs_worker w WHERE w.pid = %s AND w.stopped_at IS NULL
"""


@dataclass
class Frozen:
    cluster: Workers
    pid: int
    worker: int
    at: float  # of time.monotonic()
    wake_at: float | None = None  # None: its lease has not been seen to end yet


@kind(share=50)
def freeze(storm) -> bool:
    """SIGSTOP for a busy worker, until others have taken its job."""
    begun = storm.frozen[0] if storm.frozen else None
    if begun and (len(storm.frozen) >= AT_ONCE or time.monotonic() - begun.at > BATCH_SECONDS):
        return False
    chosen = begun.cluster if begun else storm.random.choice(storm.clusters)
    found = [(job, pid) for job, held_by, pid in storm.busy() if held_by is chosen]
    if not found:
        return False
    job, pid = storm.random.choice(found)
    worker = asking.rows(HELD_BY, [pid])
    moment = asking.now()
    if not worker or not chosen.kill(pid, signal.SIGSTOP):
        return False
    storm.frozen.append(Frozen(chosen, pid, worker[0][0], time.monotonic()))
    storm.struck("freeze", [job], moment)
    return True


def wake_due(storm) -> None:
    """Let go whoever has been frozen past its lease, some up to three seconds later."""
    now = time.monotonic()
    for frozen in [*storm.frozen]:
        if frozen.wake_at is None and now - frozen.at > LOOK_AFTER:
            if asking.rows(LEASE_ENDED, [frozen.worker]):
                frozen.wake_at = now + storm.random.uniform(0, 3)
        elif frozen.wake_at is not None and now >= frozen.wake_at:
            storm.frozen.remove(frozen)
            storm.zombies += frozen.cluster.kill(frozen.pid, signal.SIGCONT)
    for frozen in [*storm.frozen]:
        if not exists(frozen.pid):
            storm.frozen.remove(frozen)


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
