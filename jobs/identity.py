"""Tells one process of one machine from every other, also from a later one of the same pid."""

import os
import socket
from functools import cache
from pathlib import Path


@cache
def host() -> str:
    """This machine as worker rows name it: host name, boot, pid namespace.

    Containers may share a host name, and a rebooted machine starts its pids anew: only where all
    three agree does a pid mean the same process.
    """
    boot = Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
    namespace = Path("/proc/self/ns/pid").stat().st_ino
    return f"{socket.gethostname()[:60]}/{boot}/{namespace}"


def start_ticks(pid: int) -> int | None:
    """When the process started, in clock ticks since boot; None if it is gone or a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name, in brackets, may itself hold brackets and blanks.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else int(fields[19])


def is_running(pid: int, ticks: int) -> bool:
    return start_ticks(pid) == ticks


def own() -> tuple[int, int]:
    """Pid and start of the calling process."""
    pid = os.getpid()
    return pid, start_ticks(pid) or 0


def memory_kb() -> int:
    """Resident memory of the calling process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024
