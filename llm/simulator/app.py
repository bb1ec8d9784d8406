"""The ASGI application of the simulator."""

import asyncio
import json
import uuid
from collections import Counter
from dataclasses import dataclass, field

from llm.simulator import replies
from llm.simulator.faults import Fault, Script, UnknownFault
from llm.simulator.registry import Rule
from llm.simulator.replies import HttpReply, failure

LOOPBACK = {"127.0.0.1", "::1"}


@dataclass
class Counts:
    """What the endpoint has seen since the start or the last reset."""

    in_flight: int = 0
    peak: int = 0
    served: int = 0
    abandoned: int = 0
    by_operation: Counter = field(default_factory=Counter)
    by_fault: Counter = field(default_factory=Counter)


class Simulator:
    """Chat completions by rule, with a latency and a script of faults."""

    def __init__(self, rules: dict[str, Rule], *, latency: float, faults: list[Fault]) -> None:
        self.rules = rules
        self.first = (latency, faults)
        self.latency = latency
        self.script = Script(faults)
        self.counts = Counts()
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            return
        body = await _body(receive)
        work = asyncio.ensure_future(self._route(scope, body))
        # A caller that hangs up is seen at once, so that "in flight" is true.
        gone = asyncio.ensure_future(receive())
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if not work.done():
            work.cancel()
            return
        await _reply(send, work.result())

    async def _route(self, scope, body: bytes) -> HttpReply:
        path = scope["path"].rstrip("/")
        if path.endswith("/models"):
            return replies.models()
        if path.endswith("/_stats"):
            return replies.as_json(vars(self.counts))
        if path.endswith("/_control") and (scope["client"] or [""])[0] in LOOPBACK:
            return self._control(body)
        if not path.endswith("/chat/completions") or scope["method"] != "POST":
            return failure(404, f"Nothing is served at {scope['path']}.", "not_found")
        return await self._complete(body)

    async def _complete(self, body: bytes) -> HttpReply:
        counts = self.counts
        counts.in_flight += 1
        counts.peak = max(counts.peak, counts.in_flight)
        try:
            reply = await self._answer(body)
        except asyncio.CancelledError:
            counts.abandoned += 1
            raise
        finally:
            counts.in_flight -= 1
        counts.served += 1
        return reply

    async def _answer(self, body: bytes) -> HttpReply:
        try:
            request = json.loads(body)
            operation = replies.operation_of(request)
        except (ValueError, TypeError, LookupError, AttributeError):
            return failure(400, "The request is not a chat completion.", "invalid_request")
        self.counts.by_operation[operation] += 1
        fault = self.script.next(operation)
        if fault:
            self.counts.by_fault[fault.name] += 1
            if fault.name == "hang":
                await asyncio.Event().wait()
            if refused := replies.refused_by_status(fault):
                return refused
        await asyncio.sleep(fault.seconds if fault and fault.name == "slow" else self.latency)
        await self.gate.wait()
        rule = self.rules.get(operation)
        if rule is None:
            return failure(400, f"No rule answers {operation!r}.", "unknown_operation")
        return replies.completion(request, rule, fault)

    def _control(self, body: bytes) -> HttpReply:
        """`{"reset": true, "latency": s, "hold": true, "script": [{"name": ..., "times": n}]}`.

        While `hold` is on, calls stay open whatever the latency.
        """
        try:
            orders = json.loads(body or b"{}")
            faults = [Fault(**fault) for fault in orders.get("script", [])]
        except (UnknownFault, TypeError, ValueError) as error:
            return failure(400, str(error), "invalid_request")
        if orders.get("reset"):
            self.latency, first = self.first
            self.script = Script(first)
            self.counts = Counts(in_flight=self.counts.in_flight)
            self.gate.set()
        self.latency = float(orders.get("latency", self.latency))
        self.script.faults += faults
        if "hold" in orders:
            (self.gate.clear if orders["hold"] else self.gate.set)()
        return replies.as_json({"latency": self.latency, "faults": len(self.script.faults)})


async def _body(receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _reply(send, reply: HttpReply) -> None:
    headers = {
        "content-type": reply.content_type,
        "content-length": str(len(reply.body)),
        "x-request-id": f"sim-{uuid.uuid4().hex[:12]}",
        **reply.headers,
    }
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    await send({"type": "http.response.body", "body": reply.body})
