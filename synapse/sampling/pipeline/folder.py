"""The folder of results: written whole or not at all."""

import contextlib
import json
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from synapse.sampling.pipeline.request import PipelineStopped

MANIFEST = "manifest.json"
WRITER = "Synapse pipeline"


def require_free(out: Path) -> None:
    """A folder with anything in it is replaced only if the pipeline wrote it."""
    if out.exists() and not out.is_dir():
        raise PipelineStopped(reason=f"--out {out}: this is not a folder.")
    if out.is_dir() and any(out.iterdir()) and not _is_ours(out):
        raise PipelineStopped(
            reason=f"--out {out}: the folder holds files that the pipeline did not write. "
            "Name a new or an empty folder."
        )
    parent = out.absolute().parent
    existing = next(folder for folder in (parent, *parent.parents) if folder.exists())
    trial = existing / f".{out.name[:60]}-{secrets.token_hex(6)}"
    # Rights alone don't tell: a superuser has them all, on read-only and special systems too.
    with _writing(out):
        trial.mkdir()
        trial.rmdir()


@contextlib.contextmanager
def results(out: Path) -> Iterator[Path]:
    """A folder beside `out` that takes its place at the end; after an error nothing is left."""
    out = out.absolute()
    made = out.parent / f".{out.name}-{secrets.token_hex(6)}"
    try:
        with _writing(out):
            out.parent.mkdir(parents=True, exist_ok=True)
            made.mkdir()
        yield made
        with _writing(out):
            _put_in_place(made, out)
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextlib.contextmanager
def _writing(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = f"--out {out}: it can't be written ({error.strerror or error})."
        raise PipelineStopped(reason=reason) from error


def _put_in_place(made: Path, out: Path) -> None:
    require_free(out)
    former = None
    if out.exists():
        former = out.parent / f".{out.name}-{secrets.token_hex(6)}-former"
        out.rename(former)
    try:
        made.rename(out)
    except OSError:
        if former:
            former.rename(out)
        raise
    if former:
        shutil.rmtree(former, ignore_errors=True)


def _is_ours(out: Path) -> bool:
    try:
        text = (out / MANIFEST).read_text(encoding="utf-8")
        return json.loads(text).get("written_by") == WRITER
    except (OSError, ValueError, AttributeError):
        return False
