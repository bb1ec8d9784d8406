"""What is sent is what was reviewed: each prompt, rendered, is kept word for word."""

import json
import os

import pytest

from llm import prompts
from synapse.common.embedded import BASE_DIR

SNAPSHOTS = BASE_DIR / "tests" / "llm" / "snapshots"
RENEW = "RENEW_SNAPSHOTS=1 python -m pytest tests/llm/test_prompt_snapshots.py"
OURS = [each for each in prompts.files() if not each[0].startswith("support.")]


def rendered(operation: str, scope: str) -> str:
    prompt = prompts.load(operation, scope)
    variables = {name: f"the {name}" for name in sorted(prompt.slots)}
    settings = {
        "version": prompt.version,
        "schema": prompt.schema,
        "max_output_tokens": prompt.max_output_tokens,
        "temperature": prompt.temperature,
    }
    parts = [f"== {each['role']}\n{each['content']}" for each in prompt.render(variables)]
    return "\n\n".join([json.dumps(settings), *parts]) + "\n"


@pytest.mark.parametrize(("operation", "scope"), OURS)
def test_a_prompt_is_sent_as_it_was_reviewed(operation, scope):
    path = SNAPSHOTS / scope / f"{operation}.txt"
    now = rendered(operation, scope)
    if os.environ.get("RENEW_SNAPSHOTS"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(now)
    assert path.exists(), f"{operation} has no snapshot: {RENEW}"
    before = path.read_text()
    version = json.loads(before.splitlines()[0])["version"]
    if now != before:
        assert prompts.load(operation, scope).version != version, (
            f"{operation} has changed under version {version}: give it the next version"
        )
    assert now == before, f"{operation} has changed: read it, then {RENEW}"


def test_every_snapshot_has_its_prompt():
    kept = {path.relative_to(SNAPSHOTS).as_posix() for path in SNAPSHOTS.rglob("*.txt")}
    assert kept == {f"{scope}/{operation}.txt".lstrip("/") for operation, scope in OURS}
    assert len(kept) >= 3
