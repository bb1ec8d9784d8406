"""Somebody who is logged in and uses pages and API as a browser does, over HTTP alone."""

import time
from html.parser import HTMLParser

import httpx

from tests.factories.accounts import PASSWORD

ENDED = {"succeeded", "failed", "cancelled"}


class Person:
    """Keeps every answer's status; an answer is never followed unasked."""

    def __init__(self, address: str, username: str):
        self.answers: list[tuple[str, str, int]] = []
        self.client = httpx.Client(
            base_url=address, timeout=120, event_hooks={"response": [self._note]}
        )
        self.get("/accounts/login/")
        reply = self.post("/accounts/login/", {"username": username, "password": PASSWORD})
        assert reply.status_code == 302, reply.text

    def _note(self, reply: httpx.Response) -> None:
        self.answers.append((reply.request.method, reply.request.url.path, reply.status_code))

    def close(self) -> None:
        self.client.close()

    @property
    def crashes(self) -> list[tuple[str, str, int]]:
        return [answer for answer in self.answers if answer[2] >= 500]

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def post(self, path: str, data: dict | None = None, **options) -> httpx.Response:
        return self.client.post(path, data=data, headers=self._headers(path), **options)

    def api(self, method: str, path: str, body: dict | None = None) -> httpx.Response:
        path = f"/api/v1/{path}"
        return self.client.request(method, path, json=body, headers=self._headers(path))

    def wait(self, job_id: int, seconds: float = 300) -> dict:
        """The job once it has ended."""
        deadline = time.monotonic() + seconds
        while True:
            job = self.api("GET", f"jobs/{job_id}/").json()
            if job["status"] in ENDED:
                return job
            assert time.monotonic() < deadline, job
            time.sleep(0.2)

    def _headers(self, path: str) -> dict[str, str]:
        token = self.client.cookies.get("csrftoken") or ""
        return {"X-CSRFToken": token, "Referer": f"{self.client.base_url}{path}"}


class Fields(HTMLParser):
    """What the fields of a page hold, and the words of its errors."""

    def __init__(self, page: str):
        super().__init__()
        self.held: dict[str, str] = {}
        self.errors: list[str] = []
        self._select, self._inside = "", 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        own = dict(attrs)
        if tag == "input" and own.get("name"):
            if own.get("type") != "checkbox" or "checked" in own:
                self.held[own["name"]] = own.get("value", "")
        elif tag == "select":
            self._select = own.get("name", "")
        elif tag == "option" and self._select:
            if "selected" in own or self._select not in self.held:
                self.held[self._select] = own.get("value", "")
        elif tag == "ul" and own.get("class") == "errors":
            self._inside = 1

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = ""
        elif tag == "ul":
            self._inside = 0

    def handle_data(self, data):
        if self._inside and data.strip():
            self.errors.append(data.strip())
