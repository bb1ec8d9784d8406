"""Each dependency is pinned to a compatible range under a line saying why it is there."""

import re

import pytest

from synapse.common.embedded import BASE_DIR

PINNED = re.compile(r"^[A-Za-z0-9_.-]+(\[[\w,]+\])?(~=[\d.]+|>=[\d.]+,<[\d.]+)$")


def faults(text: str) -> list[str]:
    lines = text.splitlines()
    found = []
    for above, line in zip(["", *lines], lines, strict=False):
        if not line.strip() or line.startswith(("#", "-r ")):
            continue
        if not above.startswith("# ") or len(above) < 10:
            found.append(f"no reason: {line}")
        if not PINNED.match(line):
            found.append(f"no range: {line}")
    return found


@pytest.mark.parametrize("name", ["requirements.txt", "tests/requirements.txt"])
def test_requirements_have_a_range_and_a_reason(name):
    assert faults((BASE_DIR / name).read_text()) == []


def test_faults_are_seen():
    assert faults("# A good reason here.\nok~=1.0\nwhy~=2.0\n# A good reason here.\nfree\n") == [
        "no reason: why~=2.0",
        "no range: free",
    ]


def test_no_version_of_the_queue_library_is_admitted_that_cannot_start_its_processes():
    """1.11.0 starts them in a way that fails where a fork isn't the default; 1.11.1 mends it."""
    [lowest] = re.findall(
        r"^django-q2>=([\d.]+),", (BASE_DIR / "requirements.txt").read_text(), re.MULTILINE
    )
    assert tuple(map(int, lowest.split("."))) >= (1, 11, 1)
