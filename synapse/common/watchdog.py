"""Hears whether a child goes on, by the protocol that systemd's watchdog speaks (sd_notify)."""

import socket
import time

# A child beats every 5 s or so.
FROZEN_SECONDS = 25.0
# A look counts for no more: if we were frozen ourselves for a while, so may the child have been.
LONGEST_LOOK = 1.0
LONGEST_BEAT = 256  # bytes


class Watchdog:
    """Where one child sends its beats; judged from its first one on, for starting takes a while."""

    def __init__(self):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        # The kernel finds a free name, which goes with us.
        self._socket.bind("")
        self.environment = {"NOTIFY_SOCKET": f"@{self._socket.getsockname()[1:].decode()}"}
        self.reset()

    def reset(self) -> None:
        """Another child beats from now on."""
        self._heard()
        self._silent: float | None = None
        self._looked = time.monotonic()

    def is_frozen(self) -> bool:
        """Whether the child began to beat, and then nothing came for FROZEN_SECONDS of looks."""
        now = time.monotonic()
        passed, self._looked = min(now - self._looked, LONGEST_LOOK), now
        if self._heard():
            self._silent = 0.0
        elif self._silent is not None:
            self._silent += passed
        return (self._silent or 0.0) > FROZEN_SECONDS

    def close(self) -> None:
        self._socket.close()

    def _heard(self) -> bool:
        heard = False
        while True:
            try:
                heard |= bool(self._socket.recv(LONGEST_BEAT))
            except BlockingIOError:
                return heard
