"""One person's way into the REST API, as any program would have it."""

import json
import secrets
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

SECONDS = 60


class Refused(Exception):
    """The API said no: `status`, and the problem document (RFC 9457)."""

    def __init__(self, status: int, problem: dict):
        self.status = status
        self.problem = problem
        super().__init__(f"{status} {problem.get('code', '')}: {problem.get('detail', problem)}")


class Client:
    """Requests with a bearer token; answers are JSON, refusals are raised."""

    def __init__(self, address: str, token: str):
        self.root = f"{address}/api/v1/"
        self.token = token

    def get(self, path: str) -> Any:
        return self._send("GET", path)[0]

    def post(self, path: str, data: Any = None, *, match: str = "") -> Any:
        """POST of JSON; `match` is the ETag of the state that the change is meant for."""
        body = b"" if data is None else json.dumps(data).encode()
        headers = {"Content-Type": "application/json"} if body else {}
        if match:
            headers["If-Match"] = match
        return self._send("POST", path, body, headers)[0]

    def upload(self, path: str, file: Path, **fields: str) -> Any:
        boundary = secrets.token_hex(16)
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; '
            f'filename="{file.name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        )
        body = "".join(parts).encode() + head.encode() + file.read_bytes()
        body += f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._send("POST", path, body, headers)[0]

    def every(self, path: str) -> list[dict]:
        """All rows of a list, over its pages."""
        rows, address = [], path
        while address:
            page = self.get(address)
            rows += page["results"]
            address = page["next"]
        return rows

    def etag(self, path: str) -> str:
        return self._send("GET", path)[1]["ETag"]

    def _send(self, method: str, path: str, body: bytes = b"", headers: dict | None = None):
        address = path if path.startswith("http") else self.root + path
        request = urllib.request.Request(  # noqa: S310  always our own http address
            address,
            data=body or None,
            method=method,
            headers={"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
            | (headers or {}),
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
                text = answer.read()
                return (json.loads(text) if text else None), answer.headers
        except urllib.error.HTTPError as error:
            raise Refused(error.code, _problem(error)) from error


def _problem(error: urllib.error.HTTPError) -> dict:
    try:
        return json.loads(error.read())
    except ValueError:
        return {"detail": error.reason}
