"""Events that concern the database server as a whole: it dies, is restarted, has no room left."""

from tests.chaos.backends import cut_worker
from tests.chaos.plan import kind
from tests.support.workers import MONITOR, PUSHER, WORKER


@kind(share=8)
def crash(storm) -> bool:
    """SIGKILL of the server, which recovers from its log; somebody may die while it is away."""
    storm.server.release()
    maybe_kill(storm)
    storm.server.crash(storm.random.uniform(0, 1.5))
    return True


@kind(share=6)
def restart(storm) -> bool:
    """Stopped in good order, and started again."""
    storm.server.release()
    maybe_kill(storm)
    storm.server.restart(storm.random.uniform(0, 1.5))
    return True


@kind(share=8)
def full(storm) -> bool:
    """No connection is left for two to three seconds, and two that were open are cut."""
    if storm.server.held:
        return False
    storm.server.fill()
    storm.server.held.pop().close()  # what cuts needs no connection, what asks may
    for _ in range(2):
        cut_worker(storm)
    storm.server.fill()
    storm.later(storm.random.uniform(2, 3), storm.server.release)
    return True


def maybe_kill(storm) -> None:
    """Kill a process at the very moment at which the database goes, every second time."""
    if storm.random.random() < 0.5:
        chosen = storm.random.choice(storm.prey())
        pids = chosen.pids(storm.random.choice([MONITOR, PUSHER, WORKER]))
        if pids:
            chosen.kill(storm.random.choice(pids))
