"""A yes or no shared by processes, without a lock that a killed one could keep."""

import mmap


class SharedFlag:
    """What Django-Q2 uses of multiprocessing.Event; its Event hangs once a waiter was killed."""

    def __init__(self):
        self._byte = mmap.mmap(-1, 1)

    def set(self) -> None:
        self._byte[0] = 1

    def is_set(self) -> bool:
        return self._byte[0] == 1
