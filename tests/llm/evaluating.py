"""Golden files and prompt versions of the tests' own operation, and evaluations of it."""

import hashlib
import io
import json
from pathlib import Path

from django.core.management import call_command

from llm import prompt_versions, prompts
from llm.models import Evaluation, PromptVersion
from tests.llm.asking import OPERATION

# Eight names, two of them on each line; the simulator gives 1 + letters points.
TEXT = "balance limit\nrate status\ncycle score\nregion segment\n"


def golden_entry(text: str = TEXT, **changes) -> dict:
    names = text.split()
    return {
        "operation": OPERATION,
        "name": "Eight names",
        "source": {"text": text},
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "fields": [{"name": name, "score": 1 + len(name)} for name in names],
    } | changes


def write_golden(folder: Path, **changes) -> Path:
    path = folder / "golden.json"
    path.write_text(json.dumps(golden_entry(**changes)))
    return path


def version(name: str, *, output_tokens: int = 400, system: str = "Score them.") -> PromptVersion:
    """A version of the prompt that no file has; with few tokens, long answers are cut off."""
    text = (
        prompts.load(OPERATION)
        .text.replace("version: 3", f"version: {name}")
        .replace("max_output_tokens: 400", f"max_output_tokens: {output_tokens}")
        .replace("You score the items that are asked for.", system)
    )
    parsed = prompts.parse(OPERATION, "", text)
    return PromptVersion.objects.create(
        operation=OPERATION, scope="", version=name, hash=parsed.hash, text=text
    )


def filed() -> PromptVersion:
    """The version that the prompt's file holds."""
    held = prompt_versions.chosen(OPERATION)
    return PromptVersion.objects.get(operation=OPERATION, version=held.version)


def evaluate(golden: Path, *options: str) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command("evaluate", OPERATION, "--golden", str(golden), *options, stdout=out)
    return out.getvalue()


def latest() -> Evaluation:
    return Evaluation.objects.order_by("-id").first()
