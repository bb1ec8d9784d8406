"""Files of profiling in storage: written whole or not at all, read as files of this machine."""

import glob
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage

from synapse.common.workfolders import work_folder
from synapse.profiling.errors.populations import StoredFileMissing


def local_parts(population):
    """The Parquet files of an imported population, as this machine can read them."""
    return local_files(population.parts)


@contextmanager
def local_files(names: Sequence[str]) -> Iterator[list[Path]]:
    """The files themselves where storage is a folder, else copies that last for the block."""
    require_files(names)
    if _is_folder():
        yield [Path(default_storage.path(name)) for name in names]
        return
    with work_folder("storage") as folder:
        yield [_copy_here(name, folder, place) for place, name in enumerate(names)]


def require_files(names: Iterable[str]) -> None:
    for name in names:
        if not default_storage.exists(name):
            raise StoredFileMissing(name=name)


@contextmanager
def writing(name: str) -> Iterator[Path]:
    """A path to write to; what stands there at the end of the block is the file of this name.

    Written again under the same name, it replaces what was there, so work done twice leaves one
    file, and takes away the drafts of processes that were killed. A block that fails leaves what
    was there before.
    """
    if _is_folder():
        target = Path(default_storage.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        for left in target.parent.glob(f".{glob.escape(target.name)}.*"):
            left.unlink(missing_ok=True)
        draft = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
        try:
            yield draft
            _to_disk(draft)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        return
    with work_folder("storage") as folder:
        draft = folder / "draft"
        yield draft
        delete_files([name])
        with draft.open("rb") as stream:
            default_storage.save(name, File(stream))


def write_file(name: str, source: Path) -> None:
    """Puts a copy of a finished file into storage."""
    with writing(name) as draft:
        shutil.copyfile(source, draft)


def write_part(name: str, content: bytes) -> None:
    with writing(name) as draft:
        draft.write_bytes(content)


def delete_files(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


def delete_folder(folder: str) -> None:
    """All that stands under a folder, also what a killed process left half written."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for inner in folders:
        delete_folder(f"{folder}/{inner}")
    delete_files(f"{folder}/{name}" for name in files)
    if _is_folder():
        default_storage.delete(folder)


def folders_in(folder: str) -> list[str]:
    """The folders right in a folder; none if it isn't there."""
    try:
        folders, _ = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{inner}" for inner in folders]


def keep_only(folder: str, names: Iterable[str]) -> None:
    """Takes away what else stands in a folder, such as what a killed process left half written."""
    kept = {Path(name).name for name in names}
    try:
        _, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    delete_files(f"{folder}/{name}" for name in files if name not in kept)


def _is_folder() -> bool:
    try:
        default_storage.path("x")
    except NotImplementedError:
        return False
    return True


def _copy_here(name: str, folder: Path, place: int) -> Path:
    # Names of several parts may end alike, so each copy gets a number of its own.
    path = folder / f"{place:05}-{Path(name).name}"
    with default_storage.open(name) as stream, path.open("wb") as copy:
        shutil.copyfileobj(stream, copy, 1024 * 1024)
    return path


def _to_disk(path: Path) -> None:
    """What a commit is about to name must outlive the machine's power."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
