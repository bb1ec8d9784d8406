"""Work folders go with their process, also with one that is killed."""

import subprocess
import sys
import tempfile

import pytest

from synapse.common.workfolders import work_folder

WORK = """
import sys, tempfile
tempfile.tempdir = sys.argv[1]
from synapse.common.workfolders import work_folder
with work_folder("population") as folder:
    (folder / "large.csv").write_text("x" * 1000)
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def worker(temporary):
    process = subprocess.Popen(  # noqa: S603  our own interpreter and text
        [sys.executable, "-c", WORK, str(temporary)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def left(temporary):
    return [path.name for path in temporary.glob("*/*")]


def test_nothing_is_left_after_the_block_even_if_it_fails(temporary):
    with pytest.raises(ZeroDivisionError), work_folder("failures") as folder:
        (folder / "inner").mkdir()
        (folder / "inner" / "file").write_text("x")
        assert folder.stat().st_mode & 0o077 == 0
        raise ZeroDivisionError
    assert left(temporary) == []


def test_what_a_killed_process_left_goes_at_the_next_use(temporary, worker):
    folder = worker.stdout.readline().strip()
    with work_folder("propose") as own, work_folder("failures") as other:
        # The folder of a living process stays, as do one's own.
        assert {folder, str(own), str(other)} == {str(path) for path in temporary.glob("*/*")}
    worker.kill()
    worker.wait()
    assert len(left(temporary)) == 1
    with work_folder("propose") as own:
        assert left(temporary) == [own.name]


def test_a_folder_that_somebody_else_may_read_through_is_refused(temporary):
    with work_folder("propose") as folder:
        root = folder.parent
    root.rmdir()
    root.symlink_to(temporary)
    with pytest.raises(PermissionError, match="belongs to somebody else"), work_folder("propose"):
        pass
