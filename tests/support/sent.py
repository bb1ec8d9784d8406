"""Notes of a test session: every prompt sent, and telling values of every population imported.

Tests, and the processes of ours that they start, write them to one folder; at the session's end
tests/fixtures_sent.py looks for the one in the other.
"""

import hashlib
import json
import os
import re
from pathlib import Path

FOLDER = "SYNAPSE_TESTS_SENT"
PROMPTS, VALUES = "prompts.jsonl", "values.txt"
# Bytes of each file. What is beyond isn't written, and the look says so.
MOST = 128 * 1024 * 1024
# Records of a part of a population whose values are noted.
ROWS = 100
_RUN = re.compile(r"[A-Za-z0-9]{8,}")
_DATE = re.compile(r"(?:19|20)\d{6}(?:\d{4,6})?")

_written: set[bytes] = set()


def telling(text: str) -> set[str]:
    """Runs of letters and digits that can't be there by chance: eight or more, four digits."""
    return {
        run
        for run in _RUN.findall(text)
        if sum(map(str.isdigit, run)) >= 4 and len(set(run)) > 3 and not _DATE.fullmatch(run)
    }


def watch() -> None:
    """From now on this process notes what it sends and imports, while there is a folder for it."""
    from django.db.models.signals import post_save

    from llm.models import LLMCall
    from synapse.profiling.models import PopulationPart

    post_save.connect(_note_call, sender=LLMCall, dispatch_uid="tests.support.sent.calls")
    post_save.connect(_note_part, sender=PopulationPart, dispatch_uid="tests.support.sent.parts")


def _note_call(sender, instance, created, **kwargs) -> None:
    """A call's row is written before it is sent, with the messages word for word."""
    folder = os.environ.get(FOLDER)
    if folder and created:
        line = json.dumps([instance.operation, instance.request], ensure_ascii=False)
        note(Path(folder) / PROMPTS, line)


def _note_part(sender, instance, created, **kwargs) -> None:
    folder = os.environ.get(FOLDER)
    if folder and created:
        for value in _values_of(instance.file):
            note(Path(folder) / VALUES, value)


def note(path: Path, line: str) -> None:
    """Adds a line that this process hasn't written yet, in one write."""
    data = line.encode(errors="replace") + b"\n"
    digest = hashlib.blake2b(bytes(path) + data, digest_size=16).digest()
    if digest in _written:
        return
    _written.add(digest)
    if path.exists() and path.stat().st_size + len(data) > MOST:
        path.with_suffix(".full").touch()
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, data)
    finally:
        os.close(descriptor)


def _values_of(name: str) -> set[str]:
    import pyarrow.parquet
    from django.core.files.storage import default_storage

    if not default_storage.exists(name):
        return set()
    with default_storage.open(name) as stream:
        file = pyarrow.parquet.ParquetFile(stream)
        rows = next(file.iter_batches(batch_size=ROWS), None)
    if rows is None:
        return set()
    columns = rows.to_pydict().values()
    return {run for column in columns for value in column for run in telling(str(value))}
