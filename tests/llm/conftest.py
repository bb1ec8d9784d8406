"""Prompts that a test writes itself."""

import os
import shutil
import time

import pytest

from synapse.common.embedded import BASE_DIR

FOLDER = BASE_DIR / "tests" / "support" / "prompts"


class OwnPrompts:
    """Files of the operation `support.prompt`, gone after the test."""

    def __init__(self):
        self.written = []

    def write(self, scope: str, text: str) -> None:
        path = FOLDER / scope / "prompt.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        # Two writes in one tick of the file system's clock would look like one.
        os.utime(path, ns=(time.time_ns(), time.time_ns() + len(self.written)))
        self.written.append((scope, path))

    def clean(self) -> None:
        for scope, path in self.written:
            if scope:
                shutil.rmtree(FOLDER / scope.partition("/")[0], ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


@pytest.fixture
def own_prompts():
    own = OwnPrompts()
    yield own
    own.clean()
