"""Size, docstrings and words of the source, and the shape of the top level."""

import ast
import re

from synapse.common.embedded import BASE_DIR
from tests.architecture import sources

LONGEST = 300
TOP = {
    "synapse",
    "jobs",
    "llm",
    "templates",
    "tests",
    "manage.py",
    "requirements.txt",
    "README.md",
}
# Paths of one machine, and marks of what is not done.
FOREIGN = re.compile(r"(?<![\w.])/(work|root|home)/|\b(TODO|FIXME|XXX)\b")


def test_the_visible_top_level_is_the_fixed_set():
    visible = {path.relative_to(BASE_DIR).parts[0] for path in sources.tracked()}
    assert {part for part in visible if not part.startswith(".")} == TOP


def test_no_module_is_longer_than_300_lines():
    long = {
        sources.name(path): count
        for suffix in (".py", ".js", ".css", ".html")
        for path in sources.files(suffix)
        if "migrations" not in path.parts
        and (count := len(path.read_text().splitlines())) > LONGEST
    }
    assert long == {}


def test_every_module_says_in_a_sentence_what_it_is_for():
    silent = [
        sources.name(path)
        for path, tree in sources.modules(*sources.PRODUCT)
        if tree.body and "migrations" not in path.parts and not ast.get_docstring(tree)
    ]
    assert silent == []


def test_no_file_names_a_machine_path_or_an_unfinished_thing():
    found = [
        f"{sources.name(path)}:{number}: {line.strip()[:90]}"
        for path in sources.texts()
        if path.name != "test_modules.py"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if FOREIGN.search(line)
    ]
    assert found == []


def test_no_error_is_swallowed():
    """An `except` whose body is only `pass` hides what happened; `contextlib.suppress` says it."""
    bare = [
        f"{sources.name(path)}:{node.lineno}"
        for path, tree in sources.modules(*sources.PRODUCT)
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and all(isinstance(line, ast.Pass) for line in node.body)
    ]
    assert bare == []


def test_names_of_files_carry_no_history():
    stale = re.compile(
        r"_(v\d+|new|old|enhanced|unified|clean|backup|copy)\.\w+$|\.(bak|orig|rej)$"
    )
    assert [sources.name(path) for path in sources.tracked() if stale.search(path.name)] == []
