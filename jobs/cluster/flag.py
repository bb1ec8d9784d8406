"""Single bytes shared by processes, without a lock that a killed one could keep."""

import mmap


class SharedFlag:
    """What Django-Q2 uses of multiprocessing.Event; its Event hangs once a waiter was killed."""

    def __init__(self):
        self._byte = mmap.mmap(-1, 1)

    def set(self) -> None:
        self._byte[0] = 1

    def is_set(self) -> bool:
        return self._byte[0] == 1


class SharedPulse:
    """A number that moves while the process that shows it goes on."""

    def __init__(self):
        self._byte = mmap.mmap(-1, 1)

    def beat(self) -> None:
        self._byte[0] = (self._byte[0] + 1) % 256

    @property
    def count(self) -> int:
        return self._byte[0]
