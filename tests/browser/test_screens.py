"""Every page, in both schemes and on a narrow screen: nothing broken, everything readable."""

import re

import pytest
from django.urls import get_resolver

from synapse.common.embedded import BASE_DIR
from tests.browser.pages import all_pages
from tests.browser.watching import look

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200)]

SHOTS = BASE_DIR / ".state/screenshots"
MODES = {
    "light": {},
    "dark": {"dark": True},
    "narrow": {"width": 390},
    "narrow-dark": {"width": 390, "dark": True},
}
# A part of another page, and files: nothing of their own to look at.
NOT_PAGES = {
    "metrics",
    "jobs:job_bar", "jobs:job_mark", "jobs:job_export", "planning:plan_export",
    "scoping:scope_export", "profiling:rejected_row_export",
    "profiling:rule_set_export", "profiling:result_export", "profiling:attribute_export",
    "profiling:failure_export", "sampling:sampleset_export", "llm:call_export", "llm:cost_export",
}  # fmt: skip


@pytest.fixture
def pages(site):
    """Name -> (who looks at it, address)."""
    site.work("default")
    site.work("llm")
    site.work("batch")
    return all_pages()


def test_every_page_is_looked_at_and_sound(site, pages):
    looked_at = {name.partition(" ")[0] for name in pages}
    forgotten = sorted(set(names_of_pages(get_resolver())) - looked_at - NOT_PAGES)
    found = [problem for mode in MODES for problem in walk(site, pages, mode)]
    (SHOTS / "problems.txt").write_text("\n".join(found + site.problems()))
    assert forgotten + found + site.problems() == []


def walk(site, pages, mode: str) -> list[str]:
    """Draw each page once, keep the picture, and say what is wrong with it."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    visitors, found = {}, []
    for name, (user, address) in pages.items():
        if user not in visitors:
            visitors[user] = site.visitor(user, **MODES[mode])
        page = visitors[user]
        page.goto(address)
        page.wait_for_load_state()
        picture = re.sub(r"[: ]", "-", name)
        page.screenshot(path=SHOTS / f"{picture}.{mode}.png", full_page=True)
        found += [f"{name}, {mode}: {problem}" for problem in look(page)]
    return found


def names_of_pages(resolver, prefix=""):
    """Addresses that answer a GET, API and admin apart."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            if pattern.namespace not in {"api", "admin"}:
                inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
                yield from names_of_pages(pattern, inner)
        elif answers_get(getattr(pattern.callback, "view_class", None)):
            yield prefix + pattern.name


def answers_get(view) -> bool:
    return hasattr(view, "get") and "get" in view.http_method_names
