"""The project's own files, as the rules of this folder see them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from synapse.common.embedded import BASE_DIR

PRODUCT = ("synapse", "jobs", "llm")
TEXT = {".py", ".html", ".css", ".js", ".md", ".txt", ".csv", ".json", ".toml", ".ini", ".svg", ""}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project: what git knows or would add, or the tree where there is no git."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        found = [BASE_DIR / line for line in listing.stdout.splitlines()]
    else:
        found = [path for path in BASE_DIR.rglob("*") if not hidden(path)]
    return tuple(sorted(path for path in found if path.is_file()))


def hidden(path: Path) -> bool:
    return any(
        part == "__pycache__" or part.startswith(".") for part in path.relative_to(BASE_DIR).parts
    )


def name(path: Path) -> str:
    return str(path.relative_to(BASE_DIR))


def files(suffix: str, *folders: str) -> list[Path]:
    """Files with this suffix under these top folders, or anywhere."""
    return [
        path
        for path in tracked()
        if path.suffix == suffix and (not folders or path.relative_to(BASE_DIR).parts[0] in folders)
    ]


def texts() -> list[Path]:
    return [path for path in tracked() if path.suffix in TEXT]


def modules(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    """Python files with their syntax trees."""
    for path in files(".py", *folders):
        yield path, parsed(path)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def dotted(node: ast.AST) -> str:
    """The dotted name of an expression such as `pytest.mark.skip`, or an empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return dotted(node.func)
    return ""
