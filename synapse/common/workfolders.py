"""Temporary folders that don't outlive the process that works in them, however it ends."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def work_folder(purpose: str) -> Iterator[Path]:
    """An empty folder of this machine for the block; takes away what killed processes left.

    Its owner holds a lock on it, which the kernel lets go at any death: also at that of another
    container or before a restart of the machine, where a pid would say nothing.
    """
    root = _root()
    _sweep(root)
    folder, lock = _claim(root, purpose)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # what stays goes at a later use
        os.close(lock)


def _root() -> Path:
    """Where this user's work folders stand: closed to others, since they hold bank data."""
    root = Path(tempfile.gettempdir()) / f"synapse-work-{os.getuid()}"
    root.mkdir(mode=0o700, exist_ok=True)
    if root.is_symlink() or root.stat().st_uid != os.getuid():
        raise PermissionError(f"{root} belongs to somebody else: remove it, or set TMPDIR.")
    return root


def _claim(root: Path, purpose: str) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"{purpose}-", dir=root))
        lock = _opened(folder)
        if lock is None:
            continue
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Another process may have swept it in the moment before it was locked.
        if folder.exists():
            return folder, lock
        os.close(lock)


def _sweep(root: Path) -> None:
    for folder in root.iterdir():
        lock = _opened(folder)
        if lock is None:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue  # somebody works in it
        else:
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)


def _opened(folder: Path) -> int | None:
    """A handle to lock the folder by; None if it has gone meanwhile."""
    try:
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return None
