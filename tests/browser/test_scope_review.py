"""The scope review under the hand: by keys, with a reason where one is due, and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from jobs.testing import run_pending
from synapse.scoping.tasks import start_recommendation
from tests.browser.world import make_world
from tests.factories.scoping import item_named

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def world(transactional_db, settings):
    """Schedule D.1 estimated by rule, nothing decided."""
    settings.LLM = {}
    world = make_world(scoped=True)
    start_recommendation(scope=world.scoped, actor=world.tester)
    run_pending()
    return world


def in_focus(page: Page, name: str) -> None:
    """The panel and the row marked in the list are of this attribute."""
    expect(page.locator("#panel h2")).to_contain_text(name)
    expect(page.locator('[data-row][aria-selected="true"] .main a')).to_have_text(name)


def test_rows_are_decided_by_keys(site, world):
    scope, page = world.scoped, site.visitor(world.tester)
    page.goto(f"{scope.get_absolute_url()}?q=Lending")
    page.keyboard.press("j")
    in_focus(page, "Lending Type")

    page.goto(scope.get_absolute_url())
    page.locator(f"#item-{item_named(scope, 'Zip Code').pk} a").click()
    in_focus(page, "Zip Code")
    page.locator("#panel").focus()
    page.keyboard.press("n")
    in_focus(page, "Credit Card Type")  # decided as advised, and on to the next row
    assert item_named(scope, "Zip Code").in_scope is False
    expect(page.locator("#facts")).to_contain_text("113")

    page.keyboard.press("n")
    expect(page.locator("#panel .errors")).to_contain_text("critical data element")
    expect(page.locator("#panel textarea")).to_be_focused()
    page.keyboard.type("Tested in May.")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    in_focus(page, "Product Type")
    card = item_named(scope, "Credit Card Type")
    assert (card.in_scope, card.is_override, card.reason) == (False, True, "Tested in May.")
    row = page.locator(f"#item-{card.pk}")
    expect(row).to_contain_text("overridden: out")

    page.keyboard.press("x")
    expect(page.locator("[data-count]")).to_have_text("1")
    assert [problem for problem in site.problems() if "422" not in problem] == []


def test_what_is_unsupported_is_decided_with_a_reason_and_a_quote_opens_in_its_text(
    site, transactional_db, simulator
):
    world = make_world(scoped=True)
    simulator.follow("wrong_quotes*3", contains="Zip Code")
    start_recommendation(scope=world.scoped, actor=world.tester)
    run_pending()
    page, zip_code = site.visitor(world.tester), item_named(world.scoped, "Zip Code")
    page.goto(f"{zip_code.get_absolute_url()}?unsupported=on")
    expect(page.locator(f"#item-{zip_code.pk}")).to_contain_text("unsupported")
    page.locator("#panel").focus()
    page.keyboard.press("n")
    expect(page.locator("#panel .errors")).to_contain_text("without a quote that occurs")
    expect(page.locator("#panel textarea")).to_be_focused()
    page.keyboard.type("The instructions say so.")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator(f"#item-{zip_code.pk}")).to_contain_text("out")
    assert item_named(world.scoped, "Zip Code").reason == "The instructions say so."

    page.goto(item_named(world.scoped, "Cycle Ending Balance").get_absolute_url())
    page.get_by_text("See it in the description").click()
    expect(page.locator("#panel mark")).to_contain_text("Everything owed on the account")
    page.locator("#panel").get_by_role("link", name="Model call").click()
    expect(page.locator("h1")).to_contain_text("scoping.judge")
    assert [problem for problem in site.problems() if "422" not in problem] == []


def test_without_scripts_forms_do_it(site, world):
    scope = world.scoped
    page = site.visitor(world.tester, java_script_enabled=False)
    page.goto(scope.get_absolute_url())
    page.locator(f"#item-{item_named(scope, 'Cycle Ending Balance').pk} a").click()
    page.locator("#panel button[value=in]").click()
    expect(page.locator("#panel")).to_contain_text("In scope")
    assert item_named(scope, "Cycle Ending Balance").in_scope is True


def test_on_a_narrow_page_the_panel_is_a_sheet_in_reach(site, world):
    page = site.visitor(world.tester, width=360)
    item = item_named(world.scoped, "Lending Type")
    page.goto(item.get_absolute_url())
    page.locator(f"#item-{item.pk}").scroll_into_view_if_needed()
    expect(page.locator("#panel button[value=in]")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
