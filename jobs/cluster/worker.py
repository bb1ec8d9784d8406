"""Runs the jobs that are handed to one slot, one after another."""

import os
import select
import signal
import time
import uuid
from collections.abc import Callable

from django import db
from django_q.conf import Conf
from django_q.signals import post_spawn
from django_q.worker import rss_check

from jobs.cluster import process
from jobs.cluster.slots import Slot
from jobs.heartbeat import Heartbeat

RESTED_SECONDS = 1.0


class WorkerProcess:
    """A worker: it beats, waits for packets, runs their jobs, and leaves when told to.

    `run_job(job_id, worker)` does the job; `release()` asks the one that runs to stop at its next
    item. Both come from jobs.execution and are named here for tests of the cluster alone.
    """

    def __init__(
        self,
        slot: Slot,
        queue: str,
        cluster_id: uuid.UUID,
        run_job: Callable[[int, object], object],
        release: Callable[[], None],
    ):
        self.slot = slot
        self.run_job = run_job
        self.release = release
        self.leaving = False
        self.worked_at = 0.0
        self.wakeup = process.wake_on_signals(self.leave, signal.SIGTERM)
        self.heartbeat = Heartbeat(queue, cluster_id, slot.index, on_lost=self.leave_by_signal)

    def leave(self) -> None:
        """Take no more work, and ask the running job to stop at its next item."""
        self.leaving = True
        self.release()

    @staticmethod
    def leave_by_signal() -> None:
        """For the heartbeat's thread: only the main thread's wait is woken by a signal."""
        os.kill(os.getpid(), signal.SIGTERM)

    def run(self) -> None:
        worker = self.heartbeat.register(lambda: self.leaving)
        if worker is None:
            return
        post_spawn.send(sender="jobs", proc_name=self.slot.index)
        self.heartbeat.start()
        done = 0
        while not self.leaving:
            packet = self.slot.receive()
            if packet is None:
                select.select([self.slot.outlet, self.wakeup], [], [], 60)
                process.drain(self.wakeup)
                continue
            number, job_id = packet
            if job_id:
                self.work(job_id, worker)
                done += 1
            self.slot.finish(number)
            if done == Conf.RECYCLE or rss_check():
                break
        self.heartbeat.stop()
        db.connections.close_all()

    def work(self, job_id: int, worker) -> None:
        """Run a job. What breaks out of the engine ends this process, and with it the lease:
        only so is it sure that a job which may have been claimed is queued again.
        """
        # Asking whether the connection still lives costs a round trip: only after a rest.
        if time.monotonic() - self.worked_at > RESTED_SECONDS:
            db.close_old_connections()
        self.heartbeat.busy = True
        self.run_job(job_id, worker)
        self.heartbeat.busy = False
        self.worked_at = time.monotonic()


def worker(slot: Slot, queue: str, cluster_id: uuid.UUID) -> None:
    """Entry point of the process."""
    from jobs.execution import request_stop, run_job

    WorkerProcess(slot, queue, cluster_id, run_job, request_stop).run()
