"""A part is there whole or not at all, whatever happens to the process that writes it."""

import signal
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

from synapse.common.embedded import BASE_DIR
from synapse.profiling import storage
from synapse.profiling.population import (
    detect,
    match,
    plan_chunks,
    read_chunk,
)
from tests.profiling.population.reading import HEAD, LOANS

# Writes a part, and dies by SIGKILL once some of it is on disk.
WRITER = """
import os, signal, sys
from pathlib import Path
from synapse.profiling.population import detect, match, plan_chunks, read_chunk, writing
path, out = Path(sys.argv[1]), Path(sys.argv[2])
reading = detect(path, path.name)
columns = match(reading, ()).columns
chunk, *_ = plan_chunks(path, reading, records=10**6)
pieces = writing._pieces

def dying(*args):
    for number, piece in enumerate(pieces(*args)):
        if number == 1:
            [draft] = out.parent.glob("*.making")
            assert draft.stat().st_size > 1000, "nothing is written yet"
            os.kill(os.getpid(), signal.SIGKILL)
        yield piece

writing._pieces = dying
read_chunk(path, reading, chunk, columns, out)
"""


@pytest.fixture
def long_file(written):
    return written(HEAD + "".join(f"L{n},{n},20240101{' ' * 500}\n" for n in range(40_000)))


def test_a_writer_killed_halfway_leaves_no_part_and_the_next_one_is_whole(long_file, tmp_path):
    out = tmp_path / "parts" / "00001.parquet"
    out.parent.mkdir()
    command = [sys.executable, "-c", WRITER, str(long_file), str(out)]
    died = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert not out.exists()
    assert len(list(out.parent.iterdir())) == 1
    reading = detect(long_file, "x.csv")
    [chunk] = plan_chunks(long_file, reading)
    result = read_chunk(long_file, reading, chunk, match(reading, ()).columns, out)
    assert result.rows == pq.read_metadata(out).num_rows == 40_000
    assert [path.name for path in out.parent.iterdir()] == ["00001.parquet"]


def test_a_chunk_read_twice_leaves_the_same_bytes(written, tmp_path):
    path = written(HEAD + "".join(f"L{n},{n},20240101\n" for n in range(500)))
    reading = detect(path, path.name, attributes=LOANS)
    columns = match(reading, LOANS).columns
    first, second = plan_chunks(path, reading, records=300)
    out = tmp_path / "part.parquet"
    results, contents = [], []
    for chunk in (first, second, first):
        results.append(read_chunk(path, reading, chunk, columns, out))
        contents.append(out.read_bytes())
    assert contents[0] == contents[2] != contents[1]
    assert results[0] == results[2]
    assert (results[0].rows, results[1].rows) == (300, 200)


def test_threads_change_nothing(long_file, tmp_path):
    reading = detect(long_file, "x.csv", attributes=LOANS)
    columns = match(reading, LOANS).columns
    [chunk] = plan_chunks(long_file, reading)
    contents = []
    for threads in (1, 3):
        out = tmp_path / f"{threads}.parquet"
        read_chunk(long_file, reading, chunk, columns, out, threads=threads)
        contents.append(pq.read_table(out))
    assert contents[0].equals(contents[1])


def test_an_error_halfway_leaves_what_was_there_before():
    storage.write_part("folder/part", b"before")
    with pytest.raises(ZeroDivisionError), storage.writing("folder/part") as draft:
        draft.write_bytes(b"half")
        raise ZeroDivisionError
    with storage.local_files(["folder/part"]) as [part]:
        assert part.read_bytes() == b"before"
        assert [entry.name for entry in part.parent.iterdir()] == ["part"]


def test_only_the_named_files_of_a_folder_stay():
    for name in ("folder/a", "folder/b", "folder/.b.draft"):
        storage.write_part(name, b"x")
    storage.keep_only("folder", ["folder/b"])
    with storage.local_files(["folder/b"]) as [kept]:
        assert [entry.name for entry in kept.parent.iterdir()] == ["b"]
    storage.keep_only("nowhere", [])
