"""How a reply goes out: whole, in pieces, or broken off by a reset of the connection."""

import asyncio
import uuid

from llm.simulator.replies import HttpReply

PIECES = 20
RESET = "simulator.reset"


async def read_body(receive) -> bytes:
    """The whole body of a request."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def send_reply(send, reply: HttpReply) -> None:
    """As the reply's delivery says."""
    if reply.delivery == "reset" and not reply.body:
        await send({"type": RESET})
        return
    headers = {
        "content-type": reply.content_type,
        "content-length": str(len(reply.body)),
        "x-request-id": f"sim-{uuid.uuid4().hex[:12]}",
        **reply.headers,
    }
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    if reply.delivery == "reset":
        half = reply.body[: len(reply.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await asyncio.sleep(0.02)  # so that the half is on its way before the reset
        await send({"type": RESET})
        return
    if reply.delivery == "drip":
        await _drip(send, reply)
        return
    await send({"type": "http.response.body", "body": reply.body})


async def _drip(send, reply: HttpReply) -> None:
    """No piece is long in coming, and still the whole is."""
    size = max(1, -(-len(reply.body) // PIECES))
    for start in range(0, len(reply.body), size):
        piece = reply.body[start : start + size]
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        await asyncio.sleep(reply.seconds / PIECES)
    await send({"type": "http.response.body", "body": b""})
