"""manage.py on another host: in the network namespace of TEST_HOST, and under its name."""

import ctypes
import os
import socket
import sys

from django.core.management import execute_from_command_line

CLONE_NEWUTS, CLONE_NEWNET = 0x04000000, 0x40000000


def move_to(host: str) -> None:
    """Leave this machine's network and name; raises OSError without the right to."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = os.open(f"/run/netns/{host}", os.O_RDONLY)
    if libc.setns(descriptor, CLONE_NEWNET) or libc.unshare(CLONE_NEWUTS):
        raise OSError(ctypes.get_errno(), f"cannot move to {host}")
    os.close(descriptor)
    socket.sethostname(host)


if __name__ == "__main__":
    move_to(os.environ["TEST_HOST"])
    execute_from_command_line(sys.argv)
