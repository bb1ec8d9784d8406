"""Events that kill processes with SIGKILL: a worker, a part of a cluster, a whole command."""

from tests.chaos import asking
from tests.chaos.plan import kind
from tests.support.workers import MONITOR, PUSHER, SENTINEL


@kind(share=300)
def busy(storm) -> bool:
    """A worker that runs a job."""
    found = storm.busy()
    if not found:
        return False
    job, cluster, pid = storm.random.choice(found)
    moment = asking.now()
    if not cluster.kill(pid):
        return False
    storm.struck("busy", [job], moment)
    return True


@kind(share=90)
def idle(storm) -> bool:
    """A worker that waits for work."""
    at_work = {pid for _job, _cluster, pid in storm.busy()}
    found = [(cluster, pid) for cluster, pid in storm.awake() if pid not in at_work]
    if not found:
        return False
    cluster, pid = storm.random.choice(found)
    return cluster.kill(pid)


@kind(share=80)
def pusher(storm) -> bool:
    return kill_part(storm, storm.clusters, PUSHER)


@kind(share=70)
def monitor(storm) -> bool:
    return kill_part(storm, storm.prey(), MONITOR)


@kind(share=70)
def sentinel(storm) -> bool:
    """All the cluster's processes end with it; the command starts another."""
    cluster = storm.random.choice(storm.prey())
    return kill_with_jobs(storm, "sentinel", cluster, lambda: kill_part(storm, [cluster], SENTINEL))


@kind(share=50)
def cluster(storm) -> bool:
    """The command and everything under it; then it is started again."""
    chosen = storm.random.choice(storm.prey())
    if not chosen.pids(SENTINEL):
        return False  # still starting after the last time
    return kill_with_jobs(storm, "cluster", chosen, chosen.kill_all) and start_again(chosen)


def kill_part(storm, clusters, part: str) -> bool:
    chosen = storm.random.choice(clusters)
    pids = chosen.pids(part)
    return bool(pids) and chosen.kill(storm.random.choice(pids))


def kill_with_jobs(storm, name: str, chosen, kill) -> bool:
    jobs = [job for job, held_by, _pid in storm.busy() if held_by is chosen]
    moment = asking.now()
    if not kill():
        return False
    storm.struck(name, jobs, moment)
    return True


def start_again(chosen) -> bool:
    chosen.start()
    return True
