"""Runs a cluster a queue, another in place of any that ended or froze, and stops them in time."""

import logging
import signal
import time
from multiprocessing import connection

from jobs.cluster import process, watchdog
from jobs.cluster.cluster import JobCluster

logger = logging.getLogger(__name__)

# The clusters themselves need up to 22 s; a supervisor kills after 25.
STOP_SECONDS = 23.0
YOUNG_SECONDS = 5.0
LONGEST_PAUSE = 10.0
# A sentinel shows its pulse every 5 s. Looks are counted, not seconds: if this process was itself
# frozen for a while, so may the sentinel have been.
LOOK_SECONDS = 5.0
STILL_LOOKS = 4


class Fleet:
    """Every cluster of this command; a sentinel that ends, by whatever code, is started again."""

    def __init__(self, workers_by_queue: dict[str, int]):
        self.clusters = [JobCluster(queue, count) for queue, count in workers_by_queue.items()]
        self.stops = 0
        # After the clusters: Django-Q2's set handlers of their own.
        self.wakeup = process.wake_on_signals(self._stop, signal.SIGTERM, signal.SIGINT)
        self.due: dict[JobCluster, float] = dict.fromkeys(self.clusters, 0.0)
        self.born: dict[JobCluster, float] = {}
        self.early_deaths: dict[JobCluster, int] = dict.fromkeys(self.clusters, 0)
        self.look_at = 0.0
        self.still: dict[JobCluster, int] = {}  # looks in which the sentinel showed nothing new
        self.pulses: dict[JobCluster, int] = {}

    def _stop(self) -> None:
        self.stops += 1

    def run(self) -> None:
        """Until SIGTERM or SIGINT; a second one ends the wait for running jobs."""
        while not self.stops:
            now = time.monotonic()
            for cluster in [each for each, due in self.due.items() if now >= due]:
                del self.due[cluster]
                self.born[cluster] = now
                self.still[cluster] = 0
                cluster.start()
            if now >= self.look_at:
                self.look_at = now + LOOK_SECONDS
                watchdog.beat()
                self._kill_frozen()
            self._wait(max(min([self.look_at, *self.due.values()]) - now, 0))
            for cluster in self._running():
                if not cluster.sentinel.is_alive():
                    self._plan_restart(cluster)
        self._end()

    def _running(self) -> list[JobCluster]:
        return [each for each in self.clusters if each not in self.due]

    def _kill_frozen(self) -> None:
        for cluster in self._running():
            pulse = cluster.pulse.count
            moved = pulse != self.pulses.get(cluster)
            self.pulses[cluster] = pulse
            self.still[cluster] = 0 if moved else self.still[cluster] + 1
            if self.still[cluster] >= STILL_LOOKS and cluster.sentinel.is_alive():
                logger.error("The sentinel of %s is frozen: killed.", cluster.queue)
                # Its children end with it, and their jobs are queued again.
                cluster.sentinel.kill()

    def _wait(self, seconds: float) -> None:
        sentinels = [cluster.sentinel.sentinel for cluster in self._running()]
        if self.wakeup in connection.wait([*sentinels, self.wakeup], seconds):
            process.drain(self.wakeup)

    def _plan_restart(self, cluster: JobCluster) -> None:
        code = cluster.sentinel.exitcode
        # Who was killed from outside did not fail to start.
        young = code != -signal.SIGKILL and time.monotonic() - self.born[cluster] < YOUNG_SECONDS
        deaths = self.early_deaths[cluster] + 1 if young else 0
        self.early_deaths[cluster] = deaths
        pause = min(0.1 * 2**deaths, LONGEST_PAUSE) if deaths else 0.0
        self.due[cluster] = time.monotonic() + pause
        logger.warning(
            "The cluster of %s ended with %s; it starts again in %.1f s.",
            cluster.queue,
            code,
            pause,
        )

    def _end(self) -> None:
        running = [each for each in self._running() if each.sentinel.is_alive()]
        for cluster in running:
            cluster.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        while self.stops < 2 and time.monotonic() < deadline:
            alive = [each.sentinel.sentinel for each in running if each.sentinel.is_alive()]
            if not alive:
                return
            ready = connection.wait([*alive, self.wakeup], deadline - time.monotonic())
            if self.wakeup in ready:
                process.drain(self.wakeup)
        for cluster in running:
            if cluster.sentinel.is_alive():
                # Its children end with it.
                logger.warning("The cluster of %s does not stop: killed.", cluster.queue)
                cluster.sentinel.kill()
                cluster.sentinel.join()
