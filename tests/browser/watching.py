"""What a visitor's browser complains about, and what is wrong with a page as it is drawn."""

from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, Response

MEASURES = Path(__file__).with_name("measures.js").read_text()

# A refused request is reported by its response, which Chromium repeats; a panel that is replaced
# before it came (the next key was quicker) is given up on purpose.
EXPECTED = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest")


class Watched:
    """A page whose console errors, policy violations, faults and refused requests are kept."""

    def __init__(self, page: Page):
        self.page = page
        self.problems: list[str] = []
        self.expected: set[int] = set()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.problems.append(f"console at {self.page.url}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.problems.append(f"{response.status} {response.url}")


def look(page: Page) -> list[str]:
    """Contrast, targets, names, ids, width and headings of the page as it is drawn now."""
    return page.evaluate(MEASURES)
