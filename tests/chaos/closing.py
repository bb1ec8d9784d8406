"""The end of a storm: everything is let go, and what does not come to its end is a hang."""

from dataclasses import dataclass, field

from tests.chaos import asking, counting
from tests.chaos.requests import resume_paused
from tests.support.workers import wait_for

WHOLE_SECONDS = 60
# Strays go when they are delivered; rows that are missing come back with the next repair.
ORPHAN_SECONDS = 45
STOP_SECONDS = 25


@dataclass
class Closing:
    hung: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)


def close(storm, patience: float) -> Closing:
    """Wait for all jobs and processes, then stop the clusters; says what stayed."""
    found = Closing()
    storm.settle()
    if not comes(lambda: resume_paused() or not storm.open_jobs(), patience):
        found.hung.append(f"{storm.open_jobs()} jobs do not end within {patience:.0f} s")
    for number, cluster in enumerate(storm.clusters, start=1):
        if not comes(cluster.is_whole, WHOLE_SECONDS):
            found.hung.append(f"cluster {number} is not whole within {WHOLE_SECONDS} s")
    comes(lambda: not [*counting.orphans()], ORPHAN_SECONDS)
    found.orphans = [*counting.orphans()]
    for number, cluster in enumerate(storm.clusters, start=1):
        if killed := cluster.stop(STOP_SECONDS):
            found.hung.append(f"cluster {number}: {killed} processes do not stop, killed")
    if left := asking.value(counting.WORKERS_LEFT):
        found.orphans.append(f"{left} workers that have not signed off")
    return found


def comes(condition, seconds: float) -> bool:
    try:
        wait_for(condition, seconds, "", 0.5)
    except AssertionError:
        return False
    return True
