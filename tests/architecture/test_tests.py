"""The suite is honest: nothing skipped, every test can fail, every task is tested."""

import ast

from jobs import registry
from synapse.common.embedded import BASE_DIR
from tests.architecture import sources

SKIPS = (
    "pytest.mark.skip",
    "pytest.mark.skipif",
    "pytest.mark.xfail",
    "pytest.skip",
    "pytest.xfail",
    "pytest.importorskip",
    "unittest.skip",
)
# Real regulatory files are not part of the project: without them their tests say why and stop.
# A server named by DATABASE_URL is not ours to stop or to slow down; other hosts need root.
MAY_SKIP = {
    "tests/conftest.py",
    "tests/chaos/test_hosts.py",
    "tests/jobs/test_idle.py",
    "tests/jobs/test_notices.py",
}
FAILING = ("pytest.raises", "pytest.warns", "pytest.fail")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def skips(tree: ast.Module) -> list[int]:
    return sorted(
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and sources.dotted(node) in SKIPS
    )


def functions(tree: ast.Module) -> list[Function]:
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def fails(called: str) -> bool:
    """Whether a call can fail a test: pytest's own, or a fixture such as one of pytest-django."""
    return called in FAILING or called.rpartition(".")[2].startswith(("assert", "django_assert"))


def asserts(function: Function) -> bool:
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Raise) and sources.dotted(node.exc or node) == "AssertionError")
        or (isinstance(node, ast.Call) and fails(sources.dotted(node.func)))
        for node in ast.walk(function)
    )


def calls(function: Function) -> set[str]:
    return {
        sources.dotted(node.func).rpartition(".")[2]
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
    }


def asserting_helpers(trees: list[ast.Module]) -> set[str]:
    """Names of helpers that assert, themselves or through another helper."""
    helpers = [f for tree in trees for f in functions(tree) if not f.name.startswith("test_")]
    known = {f.name for f in helpers if asserts(f)}
    while more := {f.name for f in helpers if calls(f) & known} - known:
        known |= more
    return known


def without_assert(trees: dict[str, ast.Module]) -> list[str]:
    helpers = asserting_helpers(list(trees.values()))
    return [
        f"{name}::{f.name}"
        for name, tree in trees.items()
        for f in functions(tree)
        if f.name.startswith("test_") and not asserts(f) and not calls(f) & helpers
    ]


def suite() -> dict[str, ast.Module]:
    return {sources.name(path): tree for path, tree in sources.modules("tests")}


def test_no_test_is_skipped_or_expected_to_fail():
    found = {
        name: lines
        for name, tree in suite().items()
        if name not in MAY_SKIP and (lines := skips(tree))
    }
    assert found == {}


def test_every_test_asserts_something():
    assert without_assert(suite()) == []


def test_a_test_that_asserts_nothing_is_seen():
    tree = ast.parse(
        "def check(x):\n    assert x\n\ndef deeper(x):\n    check(x)\n\n"
        "def test_a():\n    deeper(1)\n\ndef test_b():\n    print(1)\n"
    )
    assert without_assert({"t.py": tree}) == ["t.py::test_b"]


def test_a_skip_is_seen():
    assert skips(
        ast.parse("import pytest\n@pytest.mark.skip\ndef test_a():\n    pytest.skip('x')")
    ) == [2, 4]


def test_every_task_is_named_by_a_test():
    texts = [
        path.read_text()
        for path in sources.files(".py", "tests")
        if path.parent != BASE_DIR / "tests/architecture"
    ]
    names = [
        task.name
        for task in registry.all_tasks()
        if not task.function.__module__.startswith("tests.")
    ]
    assert names
    assert [name for name in names if not any(name in text for text in texts)] == []
