"""One queue's cluster, as the process that started it sees it."""

import os
import signal
import uuid

from django_q.cluster import Cluster

from jobs.cluster import process
from jobs.cluster.flag import SharedFlag, SharedPulse
from jobs.cluster.sentinel import JobSentinel


class JobCluster(Cluster):
    """Django-Q2's cluster with our sentinel, and no Event that a killed child could hang."""

    def __init__(self, queue: str, workers: int):
        super().__init__()
        self.queue = queue
        self.workers = workers

    def start(self) -> int:
        """Fork the sentinel, and with it the cluster; does not wait until it serves."""
        self.cluster_id = uuid.uuid4()
        self.stop_event = SharedFlag()
        self.start_event = SharedFlag()
        self.pulse = SharedPulse()
        # Not a daemon: it has children of its own.
        self.sentinel = process.start(
            f"jobs-sent {self.queue}",
            JobSentinel,
            self.stop_event,
            self.start_event,
            self.cluster_id,
            self.queue,
            self.workers,
            self.pulse,
            daemon=False,
        )
        return self.pid

    def ask_to_stop(self) -> None:
        """Begin an orderly stop; the caller waits on the sentinel."""
        self.stop_event.set()
        if self.sentinel.is_alive():
            os.kill(self.sentinel.pid, signal.SIGTERM)

    def stop(self) -> bool:
        if not self.sentinel.is_alive():
            return False
        self.ask_to_stop()
        self.sentinel.join()
        return True
