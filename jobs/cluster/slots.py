"""The places of a cluster's workers, shared by fork and without a single lock.

Each slot has a packet channel and one byte of shared memory. The pusher numbers the packets it
sends; the worker writes the number of the last packet it finished into the byte. A slot is idle
when that is the last number sent. Nothing is held by anybody, so a process killed at any
instruction leaves nothing locked, and a new pusher finds out where each worker stands by sending
an empty packet with a number of its own.
"""

import mmap
import os
import socket
import struct

from jobs import conf

PACKET = struct.Struct("<Bq")  # number, job id (0: nothing to run, only answer)
NOTE = struct.Struct("<Hq")  # slot, pid of its worker that died
NUMBERS = 256
PULSES = ("pusher", "monitor")


class Slot:
    """One worker's place; outlives its worker, so a packet not yet read goes to the next one."""

    def __init__(self, board: "Board", index: int):
        self.board = board
        self.index = index
        # The sentinel keeps both ends: no kill ever closes a channel.
        self.inlet, self.outlet = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.inlet.setblocking(False)
        self.outlet.setblocking(False)

    @property
    def done(self) -> int:
        return self.board.memory[self.index]

    def receive(self) -> tuple[int, int] | None:
        """The next packet as (number, job id), or None if there is none."""
        try:
            return PACKET.unpack(self.outlet.recv(PACKET.size))
        except BlockingIOError:
            return None

    def finish(self, number: int) -> None:
        """Say that the packet of this number is done, and wake the pusher."""
        self.board.memory[self.index] = number
        ring(self.board.bell)


class Board:
    """All slots of a cluster, the bell that wakes its pusher, and the sentinel's notes to it.

    There are always as many slots as a cluster can have workers, for a channel can't be added
    after the fork; `wanted` says how many of them are to be in use. Only the pusher, which reads
    the database, sets it.
    """

    def __init__(self, started: int, slots: int = conf.MOST_WORKERS):
        self.started = started
        self.memory = mmap.mmap(-1, slots + len(PULSES) + 1)
        self.bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self.resized = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self.slots = [Slot(self, index) for index in range(slots)]
        self.notes_in, self.notes_out = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.notes_in.setblocking(False)
        self.notes_out.setblocking(False)
        self.memory[-1] = started

    @property
    def wanted(self) -> int:
        """How many slots, from the first, are to have a worker."""
        return self.memory[-1]

    def want(self, workers: int | None) -> None:
        """Tell the sentinel how many workers to keep; None: as many as the cluster started with."""
        wanted = min(workers or self.started, len(self.slots))
        if wanted != self.wanted:
            self.memory[-1] = wanted
            ring(self.resized)

    def close(self) -> None:
        """Give everything back; a cluster's own board lives as long as its processes."""
        for end in (self.notes_in, self.notes_out):
            end.close()
        for slot in self.slots:
            slot.inlet.close()
            slot.outlet.close()
        os.close(self.bell)
        os.close(self.resized)
        self.memory.close()

    def beat(self, pulse: str) -> None:
        """Show the sentinel that the pusher or the monitor goes on."""
        place = len(self.slots) + PULSES.index(pulse)
        self.memory[place] = (self.memory[place] + 1) % NUMBERS

    def pulse(self, pulse: str) -> int:
        return self.memory[len(self.slots) + PULSES.index(pulse)]

    def report_death(self, index: int, pid: int) -> bool:
        """Tell the pusher that a slot's worker died; False if it has stopped reading."""
        try:
            self.notes_in.send(NOTE.pack(index, pid))
        except BlockingIOError:
            return False
        return True

    def deaths(self) -> list[tuple[int, int]]:
        """(slot, pid) of workers that died since the last look."""
        found = []
        while True:
            try:
                found.append(NOTE.unpack(self.notes_out.recv(NOTE.size)))
            except BlockingIOError:
                return found


def ring(bell: int) -> None:
    """Wake whoever waits on this eventfd."""
    try:
        os.eventfd_write(bell, 1)
    except BlockingIOError:
        return  # rung 2^64 times and not answered: it is awake already


def quiet(bell: int) -> None:
    """Forget that it was rung."""
    try:
        os.eventfd_read(bell)
    except BlockingIOError:
        return


class Dispatcher:
    """The pusher's side of the board: which slots are idle, and handing them work."""

    def __init__(self, board: Board):
        self.board = board
        self.sent: dict[int, int] = {}
        self.unasked = set(range(len(board.slots)))
        self.ask_all()

    def ask(self, index: int) -> None:
        """Ask a slot where it stands; it counts as busy until its worker answers."""
        slot = self.board.slots[index]
        # Far from any number still under way, so an old answer is never taken for this one.
        number = (slot.done + NUMBERS // 2) % NUMBERS
        if self._send(slot, number, 0):
            self.unasked.discard(index)
        else:
            self.unasked.add(index)

    @property
    def open_questions(self) -> list[int]:
        """Slots in use that could not be asked before (a frozen worker's full channel)."""
        return sorted(index for index in self.unasked if index < self.board.wanted)

    def ask_all(self) -> None:
        for index in self.open_questions:
            self.ask(index)

    def idle(self) -> list[Slot]:
        self.ask_all()
        return [
            slot
            for slot in self.board.slots[: self.board.wanted]
            if slot.index not in self.unasked and self.sent.get(slot.index) == slot.done
        ]

    def hand(self, slot: Slot, job_id: int) -> bool:
        """Give an idle slot a job; False leaves the queue row to be delivered again."""
        return self._send(slot, (self.sent[slot.index] + 1) % NUMBERS, job_id)

    def _send(self, slot: Slot, number: int, job_id: int) -> bool:
        try:
            slot.inlet.send(PACKET.pack(number, job_id))
        except BlockingIOError:
            return False
        self.sent[slot.index] = number
        return True
