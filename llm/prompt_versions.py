"""Which version of a prompt is used: the file's, or the one pinned in this environment."""

from django.db.models import F, Q

from llm import prompts
from llm.errors import PromptInvalid
from llm.models import PromptVersion
from llm.prompts import Prompt


def chosen(operation: str, scope: str = "", version: str = "") -> Prompt:
    """The prompt to ask with: the named version, else the pinned one, else the file as it stands.

    What a file says is kept as a version when it is first read. PromptInvalid if its text has
    changed under the version it had, or if there is no such version.
    """
    filed = prompts.load(operation, scope)
    kept = PromptVersion.objects.filter(operation=operation, scope=filed.scope)
    asked_for = Q(version=version or filed.version)
    found = kept.filter(asked_for | Q(pins__isnull=False)).annotate(pin=F("pins")).order_by()
    named = next((row for row in found if row.version == (version or filed.version)), None)
    if version and version != filed.version:
        return _of_row(named, operation, version)
    pinned = None if version else next((row for row in found if row.pin), None)
    if pinned is not None:
        return _of_row(pinned, operation, pinned.version)
    _keep(filed, named)
    return filed


def _of_row(row: PromptVersion | None, operation: str, version: str) -> Prompt:
    if row is None:
        raise PromptInvalid(operation=operation, problem=f"there is no version {version}")
    return prompts.parse(operation, row.scope, row.text)


def _keep(prompt: Prompt, row: PromptVersion | None = None) -> None:
    """Write the version down, once, if it isn't this row; what it says can't change after that."""
    if row is None:
        row, _ = PromptVersion.objects.get_or_create(
            operation=prompt.operation,
            scope=prompt.scope,
            version=prompt.version,
            defaults={"hash": prompt.hash, "text": prompt.text},
        )
    if row.hash != prompt.hash:
        raise PromptInvalid(
            operation=prompt.operation,
            problem=f"its text has changed since it was used as version {prompt.version}: give "
            "it the next version",
        )


def keep_all() -> int:
    """Write down every prompt file of this program, used or not; returns how many there are."""
    found = [prompts.load(operation, scope) for operation, scope in prompts.files()]
    for prompt in found:
        _keep(prompt)
    return len(found)
