"""A WebSocket client that costs next to nothing: it notes when each frame arrived, and no more."""

import asyncio
import json
import time
from urllib.parse import urlsplit

TEXT, PING = 0x1, 0x9
# A client must mask (RFC 6455, 5.3); a mask of zeros leaves the bytes as they are.
MASKED, NO_MASK = 0x80, bytes(4)
GOING_AWAY = bytes([0x88, MASKED | 2]) + NO_MASK + (1001).to_bytes(2, "big")
REQUEST = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


class Goal:
    """Tells when so many clients have received the text that is waited for."""

    def __init__(self):
        self.text, self.missing, self.reached = b"", 0, asyncio.Event()

    def set(self, text: bytes, clients: int) -> None:
        self.text, self.missing = text, clients
        self.reached.clear()

    def count(self) -> None:
        self.missing -= 1
        if self.missing == 0:
            self.reached.set()


class Client(asyncio.Protocol):
    """One socket; frames are read for their versions only when all is over."""

    def __init__(self, address: str, cookie: str, goal: Goal):
        self.address, self.cookie, self.goal = address, cookie, goal
        self.frames: list[tuple[float, bytes]] = []
        self._rest = b""
        self._is_upgraded = False

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._first, self._closed = loop.create_future(), loop.create_future()
        parts = urlsplit(self.address)
        await loop.create_connection(lambda: self, parts.hostname, parts.port)
        request = REQUEST.format(path=parts.path, host=parts.netloc, cookie=self.cookie)
        self.transport.write(request.encode())
        await asyncio.wait_for(self._first, 120)

    async def close(self) -> None:
        self.transport.write(GOING_AWAY)
        await asyncio.wait_for(self._closed, 60)

    def received(self) -> dict[tuple[int, int], float]:
        """When each version of each job arrived."""
        found = {}
        for at, text in self.frames:
            snapshot = json.loads(text)
            found[snapshot["id"], snapshot["version"]] = at
        return found

    # -- asyncio.Protocol -----------------------------------------------------------------

    def connection_made(self, transport) -> None:
        self.transport = transport

    def connection_lost(self, error) -> None:
        for waiting in (self._first, self._closed):
            if not waiting.done():
                waiting.set_result(None)

    def data_received(self, data: bytes) -> None:
        at = time.monotonic()
        data = self._rest + data
        if not self._is_upgraded:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._rest = head
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self._first.set_exception(ConnectionError(head.decode()))
            self._is_upgraded = True
        while (frame := split(data)) is not None:
            opcode, payload, data = frame
            self._take(at, opcode, payload)
        self._rest = data

    def _take(self, at: float, opcode: int, payload: bytes) -> None:
        if opcode == TEXT:
            self.frames.append((at, payload))
            if self.goal.text and self.goal.text in payload:
                self.goal.count()
            if not self._first.done():
                self._first.set_result(None)
        elif opcode == PING:
            self.transport.write(bytes([0x8A, MASKED | len(payload)]) + NO_MASK + payload)


def split(data: bytes) -> tuple[int, bytes, bytes] | None:
    """Opcode and payload of the first frame, and what follows it; None until it is whole."""
    if len(data) < 2:
        return None
    size, start = data[1] & 0x7F, 2
    if size > 125:
        start = 4 if size == 126 else 10
        if len(data) < start:
            return None
        size = int.from_bytes(data[2:start], "big")
    if len(data) < start + size:
        return None
    return data[0] & 0x0F, data[start : start + size], data[start + size :]
