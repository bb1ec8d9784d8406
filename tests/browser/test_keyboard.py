"""The scope is reviewed by keys alone; refusals are shown by their field, and focus is kept."""

import re

import pytest

from tests.browser.world import make_world
from tests.factories.scoping import item_named, make_scope

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def scope(transactional_db):
    """Five attributes: a key, a CDE, one with an open issue, two plain ones."""
    return make_scope(cycle_report=make_world().cycle_report)


def in_focus(page) -> str:
    return page.evaluate("() => document.activeElement.querySelector('[data-open]')?.textContent")


def test_the_scope_is_decided_by_keys(site, scope):
    page = site.visitor(scope.cycle_report.tester)
    page.goto(scope.get_absolute_url())

    page.keyboard.press("j")
    assert in_focus(page) == "Account Number"
    page.keyboard.press("j")
    assert in_focus(page) == "Balance"
    panel = page.locator("#panel")
    panel.get_by_text("Balance").first.wait_for()

    site.watched[-1].expected.add(422)
    page.keyboard.press("n")
    panel.locator(".errors").wait_for()
    assert "reason" in panel.locator(".errors").inner_text().lower()
    assert item_named(scope, "Balance").in_scope is None

    page.wait_for_function("() => document.activeElement.name === 'reason'")
    page.keyboard.type("The yearly balance replaces it.")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.locator("tr", has_text="Balance").locator(".tag", has_text="out").wait_for()
    decided = item_named(scope, "Balance")
    assert (decided.in_scope, decided.reason) == (False, "The yearly balance replaces it.")
    page.wait_for_function(
        "() => document.activeElement.querySelector('[data-open]')?.textContent === 'Rate'"
    )
    panel.get_by_text("Rate").first.wait_for()

    page.keyboard.press("y")
    page.locator("tr", has_text="Rate").locator(".tag.ok").wait_for()
    assert item_named(scope, "Rate").in_scope is True
    page.wait_for_function(
        "() => document.activeElement.querySelector('[data-open]')?.textContent === 'Opened On'"
    )

    page.keyboard.press("x")
    assert page.locator("tr", has_text="Opened On").locator("input[type=checkbox]").is_checked()
    page.keyboard.press("k")
    assert in_focus(page) == "Rate"
    assert site.problems() == []


PRESS_Y_WHEN_THE_PANEL_CHANGES = """() => new MutationObserver((changes, observer) => {
  if (!document.querySelector("#panel button[value=in]")) return;
  observer.disconnect();
  document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "y", bubbles: true}));
}).observe(document.body, {childList: true, subtree: true})"""


def test_a_key_pressed_the_moment_a_part_arrives_meets_a_live_form(site, scope):
    page = site.visitor(scope.cycle_report.tester)
    page.goto(scope.get_absolute_url())
    page.keyboard.press("j")  # the key attribute: its panel has nothing to decide
    page.evaluate(PRESS_Y_WHEN_THE_PANEL_CHANGES)
    with page.expect_response(lambda answer: answer.url.endswith("/decide/")) as decided:
        page.keyboard.press("j")
    assert decided.value.status == 200, "sent by htmx; a form sent by the browser is redirected"
    assert item_named(scope, "Balance").in_scope is True


def test_keys_of_every_page(site, scope):
    page = site.visitor(scope.cycle_report.tester)
    page.goto(scope.get_absolute_url())
    page.keyboard.press("/")
    assert page.evaluate("() => document.activeElement.type") == "search"
    page.keyboard.type("jk")
    assert page.locator("tr[aria-selected=true]").count() == 0, "keys are text in a field"
    page.keyboard.press("Escape")

    page.keyboard.press("?")
    assert page.locator("#shortcuts").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#shortcuts").is_visible()

    page.keyboard.press("g")
    page.keyboard.press("j")
    page.wait_for_url(re.compile(r"/jobs/$"))
    assert site.problems() == []


def test_the_first_tab_skips_to_the_content_and_shows_where_it_is(site, scope):
    page = site.visitor(scope.cycle_report.tester)
    page.goto(scope.get_absolute_url())
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate("e => e === document.activeElement")
    assert skip.bounding_box()["y"] >= 0
    assert skip.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"


def test_colours_are_chosen_and_kept(site, scope):
    page = site.visitor(scope.cycle_report.tester)
    page.goto("/")
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == dark


def test_an_ended_session_leads_to_the_login_and_back(site, scope):
    page = site.visitor(scope.cycle_report.tester)
    page.goto(scope.get_absolute_url())
    page.context.clear_cookies()
    page.keyboard.press("j")
    page.wait_for_url(re.compile(r"/accounts/login/\?next="))
    assert f"next={scope.get_absolute_url()}" in page.url
