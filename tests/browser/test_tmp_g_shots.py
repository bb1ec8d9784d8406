"""Shots."""

import os
from pathlib import Path

import pytest

from synapse.scoping.services.decisions import decide
from synapse.scoping.tasks import start_recommendation
from jobs.testing import run_pending
from tests.browser.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def world(transactional_db, settings):
    settings.LLM = {}
    world = make_world(scoped=True)
    start_recommendation(scope=world.scoped, actor=world.tester)
    run_pending()
    return world


def test_shots(site, world):
    out = Path("/tmp/g")
    for dark in (False, True):
        page = site.visitor(world.tester, dark=dark)
        item = world.scoped.items()[14]
        page.goto(item.get_absolute_url())
        page.screenshot(path=out / f"review-{'dark' if dark else 'light'}.png")
    page.goto(world.scoped.get_absolute_url())
    page.keyboard.press("j")
    page.wait_for_timeout(800)
    page.screenshot(path=out / "after-j.png")
    for _ in range(5):
        page.keyboard.press("j")
        page.wait_for_timeout(300)
    page.keyboard.press("y")
    page.wait_for_timeout(1200)
    page.screenshot(path=out / "after-y.png")
    narrow = site.visitor(world.tester, width=400)
    narrow.goto(item.get_absolute_url())
    narrow.screenshot(path=out / "narrow.png")
    print(site.problems())
