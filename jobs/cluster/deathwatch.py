"""Sees at once when a worker process of this machine ends, whichever cluster it belongs to."""

import os
import select
from collections.abc import Iterable

from jobs import identity


class DeathWatch:
    """The kernel tells of each death, so that no database needs to be asked every second."""

    def __init__(self):
        self.held: dict[tuple[int, int], int] = {}

    def follow(self, processes: set[tuple[int, int]]) -> None:
        """Follow these (pid, start in ticks) and no others."""
        for process in self.held.keys() - processes:
            os.close(self.held.pop(process))
        for pid, ticks in processes - self.held.keys():
            try:
                descriptor = os.pidfd_open(pid)
            except OSError:
                continue  # it has ended, or this kernel can't: the next sweep sees it
            if identity.is_running(pid, ticks):
                self.held[pid, ticks] = descriptor
            else:
                os.close(descriptor)

    def wait(self, seconds: float, *others: int) -> None:
        """Until one of them ends, another descriptor becomes readable, or the time is over."""
        ready, _, _ = select.select([*self.held.values(), *others], [], [], seconds)
        self._forget(ready)

    def _forget(self, descriptors: Iterable[int]) -> None:
        for process in [each for each, held in self.held.items() if held in descriptors]:
            os.close(self.held.pop(process))
