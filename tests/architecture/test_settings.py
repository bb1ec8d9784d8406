"""Every setting read from the environment stands in the README, and nothing else does."""

import ast
import re

from synapse.common.embedded import BASE_DIR
from tests.architecture import sources

READERS = {
    "text",
    "required",
    "secret",
    "boolean",
    "number",
    "integer",
    "days",
    "listing",
    "objects",
}
PRODUCT = (*sources.PRODUCT, "manage.py")
NAME = re.compile(r"[A-Z][A-Z0-9_]+")
# Set by the operating system or by our own commands for their children, not by operators.
NOT_SETTINGS = {
    "DJANGO_SETTINGS_MODULE", "PATH", "HOME", "PYTHONPATH", "TMPDIR", "NOTIFY_SOCKET",
}  # fmt: skip


def names_read(tree: ast.Module) -> set[str]:
    """Environment variables that a module reads by a literal name."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called = sources.dotted(node.func)
            reader = called.startswith("env.") and called.removeprefix("env.") in READERS
            if reader or called in {"os.environ.get", "os.getenv", "environ.get"}:
                found |= literal(node.args[0])
        if (
            isinstance(node, ast.Subscript)
            and sources.dotted(node.value) in {"os.environ", "environ"}
            and isinstance(node.ctx, ast.Load)
        ):
            found |= literal(node.slice)
    return found


def literal(node: ast.AST) -> set[str]:
    is_name = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return {node.value} if is_name and NAME.fullmatch(node.value) else set()


def documented() -> set[str]:
    rows = re.findall(r"^\|([^|]+)\|", (BASE_DIR / "README.md").read_text(), re.M)
    return {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row)}


def read(*folders: str) -> set[str]:
    """Names read under these folders; NAME_FILE counts as NAME, which the README says for all."""
    return {
        name.removesuffix("_FILE")
        for _, tree in sources.modules(*folders)
        for name in names_read(tree)
    } - NOT_SETTINGS


def test_every_setting_is_in_the_table_of_the_readme():
    assert sorted(read(*PRODUCT) - documented()) == []


def test_the_table_of_the_readme_names_only_settings_that_are_read():
    assert sorted(documented() - read(*PRODUCT, "tests") - NOT_SETTINGS) == []


def test_reads_are_seen():
    tree = ast.parse(
        'env.text("A_B")\nos.environ["C_D"]\nos.environ.get("E_F", 1)\nother.text("G_H")'
    )
    assert names_read(tree) == {"A_B", "C_D", "E_F"}
