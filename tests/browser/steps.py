"""What testers and owners do again and again in pages, by clicking."""

from contextlib import contextmanager

from playwright.sync_api import Locator, Page, expect

from synapse.common.embedded import BASE_DIR
from synapse.cycles.models import Phase
from synapse.scoping.models import Scope
from tests.browser.watching import look

SHOTS = BASE_DIR / ".state/screenshots"
# A job that other work on the machine slows down is still no failure of the page.
JOB_ENDS = 120_000


def primary(page: Page) -> Locator:
    """The primary button of the page's own form."""
    return page.locator("main form:not([method=dialog]) button.primary").first


def press(page: Page) -> None:
    primary(page).click()


def follow(page: Page, part: str) -> None:
    """The first link of the page whose address ends so."""
    page.locator(f'main a[href*="{part}"]').first.click()


def picture(page: Page, name: str) -> None:
    """Keeps how the page looks now, for people; what can be measured of it is sound."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"path-{name}.png", full_page=True)
    found = look(page)
    assert found == [], f"{name}: {found}"


def post_by_hand(page: Page, address: str) -> int:
    """The status of a POST that no button offers, with the right token."""
    token = page.locator("meta[name=csrf-token]").get_attribute("content")
    answer = page.request.post(
        address, form={"csrfmiddlewaretoken": token, "note": "by hand"}, max_redirects=0
    )
    return answer.status


def start_job(page: Page, button: Locator, result: Locator) -> None:
    """What the job makes comes into the page that answers, which isn't loaded anew for it."""
    page.evaluate("window.leftBehind = true")
    button.click()
    page.wait_for_function("() => !window.leftBehind && document.readyState === 'complete'")
    page.evaluate("window.neverReloaded = true")
    expect(result).to_be_visible(timeout=JOB_ENDS)
    assert page.evaluate("window.neverReloaded === true")


@contextmanager
def refusal(site, page: Page):
    """What the visitor sends is refused as unprocessable here, and that is right."""
    watched = next(each for each in site.watched if each.page is page)
    watched.expected.add(422)
    yield
    watched.expected.remove(422)


def start_phase(page: Page, phase: Phase) -> None:
    """From the page of the report's phases; then its own page is opened."""
    page.goto(phase.cycle_report.get_absolute_url())
    button = page.locator(f'form[action="/phases/{phase.pk}/start/"] button')
    button.click()
    expect(button).to_have_count(0)
    page.goto(phase.cycle_report.get_absolute_url())
    page.locator("main tbody th").get_by_role("link", name=phase.get_kind_display()).click()


def complete_phase(page: Page, phase: Phase) -> None:
    page.goto(phase.cycle_report.get_absolute_url())
    button = page.locator(f'form[action="/phases/{phase.pk}/complete/"] button')
    button.click()
    expect(button).to_have_count(0)
    phase.refresh_from_db()
    assert phase.is_complete


def submit(page: Page, version) -> None:
    page.goto(version.get_absolute_url())
    follow(page, "/submit/")
    page.wait_for_url("**/submit/")
    press(page)
    page.wait_for_url(lambda url: not url.endswith("/submit/"))
    version.refresh_from_db()
    assert version.is_pending


def refused_to_own_submitter(page: Page, version) -> None:
    """No button, and no way round its absence."""
    page.goto(version.get_absolute_url())
    address = f"{version.get_absolute_url()}approve/"
    assert page.locator(f'main a[href*="/approve/"], main form[action="{address}"]').count() == 0
    assert post_by_hand(page, address) == 403
    version.refresh_from_db()
    assert version.is_pending


def approve(page: Page, version) -> None:
    """The owner finds it in the to-do list."""
    page.goto("/")
    page.locator(f'main a[href="{version.get_absolute_url()}"]').first.click()
    follow(page, "/approve/")
    page.wait_for_url("**/approve/")
    press(page)
    page.wait_for_url(lambda url: not url.endswith("/approve/"))
    version.refresh_from_db()
    assert version.is_approved
    page.goto("/")
    assert page.locator(f'main a[href="{version.get_absolute_url()}"]').count() == 0


def accept_every_advice(page: Page, scope: Scope) -> None:
    """At once, in the form under the list."""
    page.goto(scope.get_absolute_url())
    page.locator("#bulk [name=matching]").check()
    page.locator("#bulk button[value=advice]").click()
    expect(page.get_by_text("decisions changed")).to_be_visible()
    undecided = scope.scope_items.filter(in_scope__isnull=True, attribute__is_key=False)
    assert not undecided.exists()
