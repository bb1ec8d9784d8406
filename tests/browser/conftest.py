"""A real site on the test database, and a real Chromium to look at it."""

import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from synapse.common.embedded import BASE_DIR
from synapse.common.running import free_port
from tests.browser.watching import Watched
from tests.factories.accounts import PASSWORD
from tests.support.workers import Workers, wait_for

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000  # milliseconds; none of them passes while all is well
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def chromium():
    """One browser for the tests of a module."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is not installed: .ci/run installs it"
    # Playwright's event loop lives in this thread: Django would take our queries for async ones.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@dataclass
class Site:
    """The web process and workers on this test's database."""

    address: str
    environment: dict
    stack: ExitStack
    browser: Browser | None = None
    watched: list[Watched] = field(default_factory=list)

    def work(self, queue: str = "default", workers: int = 1) -> Workers:
        """Start workers for a queue; they end with the test."""
        return self.stack.enter_context(Workers(self.environment, queue, workers))

    def visitor(self, user=None, *, width: int = 1440, dark: bool = False, **options) -> Page:
        """A page of a browser of its own, logged in through the login page if there is a user."""
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        self.stack.callback(context.close)
        page = context.new_page()
        self.watched.append(Watched(page))
        if user is not None:
            log_in(page, user.username)
        return page

    def problems(self) -> list[str]:
        """What the visitors' browsers complained about."""
        return [problem for watched in self.watched for problem in watched.problems]


def log_in(page: Page, username: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button:not([type=button])")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def forbid_http(context: BrowserContext) -> list[str]:
    """From now on every HTTP request of this browser fails; sockets stay. Says what was tried."""
    tried = []

    def refuse(route):
        tried.append(route.request.url)
        route.abort()

    context.route("**/*", refuse)
    return tried


@pytest.fixture
def site(child_environment, chromium, tmp_path, request):
    """A real web process; workers are started by `site.work()`."""
    environment = child_environment
    if "simulator" in request.fixturenames:
        environment |= request.getfixturevalue("simulator").environment
    port = free_port()
    log = (tmp_path / "web.log").open("w")
    web = subprocess.Popen(
        [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port)]
        + ["--verbosity", "1", "synapse.asgi:application"],
        cwd=BASE_DIR,
        env=environment | {"SYNAPSE_PROCESS": "web"},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: web.poll() is not None or answers(address), 200, "the site answers", 0.2)
        assert web.poll() is None, (tmp_path / "web.log").read_text()
        with ExitStack() as stack:
            yield Site(address, environment, stack, chromium)
    finally:
        web.terminate()
        try:
            web.wait(60)
        except subprocess.TimeoutExpired:
            web.kill()
            web.wait()
        log.close()
        if request.node.session.testsfailed:
            print((tmp_path / "web.log").read_text()[-4000:])  # noqa: T201  shown with the failure


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address + "/accounts/login/", timeout=5) as reply:  # noqa: S310
            return reply.status == 200
    except urllib.error.HTTPError:
        raise
    except (urllib.error.URLError, OSError):
        return False
