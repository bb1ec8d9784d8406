"""Templates compile, hold nothing inline, and name only what exists."""

import re

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import get_resolver

from synapse.common.embedded import BASE_DIR
from tests.architecture import sources

INLINE = {
    "a script without src": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"\sstyle\s*=", re.I),
    "an event handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "a script address": re.compile(r"javascript:", re.I),
    "htmx that needs eval": re.compile(r"\bhx-on\b|hx-on:|hx-vars|[\"']js:|hx-trigger=\"[^\"]*\["),
}
URL = re.compile(r"""{%\s*url\s+["']([^"']+)["']""")
PART = re.compile(r"""{%\s*(?:include|extends)\s+["']([^"']+)["']""")


def templates():
    return [path for path in sources.files(".html") if "templates" in path.parts]


def loaded_as(path) -> str:
    """The name under which Django's loaders find a template file."""
    parts = path.relative_to(BASE_DIR).parts
    return "/".join(parts[parts.index("templates") + 1 :])


def inline_parts(text: str) -> list[str]:
    return [what for what, pattern in INLINE.items() if pattern.search(text)]


@pytest.mark.parametrize("path", templates(), ids=sources.name)
def test_template_compiles(path):
    assert get_template(loaded_as(path)).template.nodelist is not None


@pytest.mark.parametrize("path", templates(), ids=sources.name)
def test_template_holds_no_inline_script_or_style(path):
    assert inline_parts(path.read_text()) == []


@pytest.mark.parametrize(
    "text",
    [
        "<script>go()</script>",
        "<style>a{}</style>",
        '<p style="color:red">',
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        '<a hx-on:click="go()">',
        "<div hx-vals='js:{a: 1}'>",
        '<div hx-trigger="click[go()]">',
    ],
)
def test_inline_parts_are_seen(text):
    assert len(inline_parts(text)) == 1


def test_every_included_template_exists():
    missing = []
    for path in templates():
        for part in PART.findall(path.read_text()):
            try:
                get_template(part)
            except TemplateDoesNotExist:
                missing.append(f"{sources.name(path)}: {part}")
    assert missing == []


def test_every_named_address_exists():
    names = set(url_names(get_resolver()))
    unknown = [
        f"{sources.name(path)}: {url}"
        for path in templates()
        for url in URL.findall(path.read_text())
        if url not in names and not url.startswith("admin:")
    ]
    assert unknown == []


def url_names(resolver, prefix=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from url_names(pattern, inner)
        elif pattern.name:
            yield prefix + pattern.name


def test_every_component_names_its_parameters_in_its_first_line():
    silent = [
        sources.name(path)
        for path in templates()
        if path.parent.name == "components"
        and not path.read_text().lstrip().splitlines()[0].startswith("{# ")
    ]
    assert silent == []


def test_scripts_neither_evaluate_text_nor_write_markup():
    forbidden = re.compile(
        r"\beval\(|new Function|\.innerHTML\s*=|\.outerHTML\s*=|document\.write"
        r"|insertAdjacentHTML|setAttribute\(\"style\""
    )
    found = [
        sources.name(path)
        for path in sources.files(".js", *sources.PRODUCT)
        if forbidden.search(path.read_text())
    ]
    assert found == []


def test_every_key_of_a_page_stands_in_the_list_of_keys():
    listed = get_template("components/_keys.html").template.source
    pressed = {
        key for path in templates() for key in re.findall(r'data-key="(\w)"', path.read_text())
    }
    assert pressed >= {"y", "n", "s"}
    assert {key for key in pressed if f"<dt><kbd>{key}</kbd></dt>" not in listed} == set()
