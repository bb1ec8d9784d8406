"""The ASGI application of the simulator."""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field

from llm.simulator import replies
from llm.simulator.faults import Fault
from llm.simulator.registry import Rule
from llm.simulator.replies import HttpReply, failure
from llm.simulator.script import Script, Sequence
from llm.simulator.sending import read_body, send_reply

LOOPBACK = {"127.0.0.1", "::1"}


@dataclass
class Counts:
    """What the endpoint has seen since the start or the last reset.

    Every call that came is `served`, `abandoned` by its caller, or in flight; tokens are those of
    the answers that were sent.
    """

    in_flight: int = 0
    peak: int = 0
    served: int = 0
    abandoned: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    by_operation: Counter = field(default_factory=Counter)
    by_fault: Counter = field(default_factory=Counter)


class Simulator:
    """Chat completions by rule, with a latency and a script of faults."""

    def __init__(
        self, rules: dict[str, Rule], *, latency: float, faults: list[Fault], seed: int = 0
    ) -> None:
        self.rules = rules
        self.first = (latency, faults, seed)
        self.latency = latency
        self.script = Script(faults, seed)
        self.counts = Counts()
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            return
        body = await read_body(receive)
        work = asyncio.ensure_future(self._route(scope, body))
        # A caller that hangs up is seen at once, so that "in flight" is true.
        gone = asyncio.ensure_future(receive())
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if not work.done():
            work.cancel()
            return
        await send_reply(send, work.result())

    async def _route(self, scope, body: bytes) -> HttpReply:
        path = scope["path"].rstrip("/")
        if path.endswith("/models"):
            return replies.models()
        if path.endswith("/_stats"):
            return replies.as_json(vars(self.counts))
        if (scope["client"] or [""])[0] in LOOPBACK:
            if path.endswith("/_control"):
                return self._control(body)
            if path.endswith("/_script"):
                return self._follow(body)
        if not path.endswith("/chat/completions") or scope["method"] != "POST":
            return failure(404, f"Nothing is served at {scope['path']}.", "not_found")
        return await self._complete(body, dict(scope["headers"]).get(b"authorization", b""))

    async def _complete(self, body: bytes, key: bytes) -> HttpReply:
        counts = self.counts
        counts.in_flight += 1
        counts.peak = max(counts.peak, counts.in_flight)
        try:
            reply = await self._answer(body, key.decode().removeprefix("Bearer "))
        except asyncio.CancelledError:
            counts.abandoned += 1
            raise
        finally:
            # Whoever was in flight at a reset is in flight by the new counts too.
            self.counts.in_flight -= 1
        counts.served += 1
        counts.tokens_in += reply.tokens[0]
        counts.tokens_out += reply.tokens[1]
        return reply

    async def _answer(self, body: bytes, key: str) -> HttpReply:
        try:
            request = json.loads(body)
            operation, asked = replies.operation_of(request), replies.asked_of(request)
        except (ValueError, TypeError, LookupError, AttributeError, StopIteration):
            return failure(400, "The request is not a chat completion.", "invalid_request")
        self.counts.by_operation[operation] += 1
        fault = self.script.next(operation, str(asked))
        if fault:
            self.counts.by_fault[fault.name] += 1
            if fault.name == "hang":
                await _forever(fault.seconds)
                return HttpReply(200, b"", delivery="reset")
            if refused := replies.refused_by_status(fault, key):
                return refused
        await asyncio.sleep(fault.lasts if fault and fault.name == "slow" else self.latency)
        await self.gate.wait()
        rule = self.rules.get(operation)
        if rule is None:
            return failure(400, f"No rule answers {operation!r}.", "unknown_operation")
        return replies.completion(request, rule, fault)

    def _control(self, body: bytes) -> HttpReply:
        """`{"reset": true, "latency": s, "hold": true, "seed": n, "script": [{"name": ...}]}`.

        While `hold` is on, calls stay open whatever the latency. `"mend": true` forgets all faults
        and scripts, and keeps the counts.
        """
        try:
            orders = json.loads(body or b"{}")
            faults = [Fault(**fault) for fault in orders.get("script", [])]
        except (TypeError, ValueError) as error:
            return failure(400, str(error), "invalid_request")
        if orders.get("reset"):
            self.latency, first, seed = self.first
            self.script = Script(first, seed)
            here = self.counts.in_flight
            self.counts = Counts(in_flight=here, peak=here)
            self.gate.set()
        if orders.get("mend"):
            self.script = Script([])
        self.latency = float(orders.get("latency", self.latency))
        self.script.faults += faults
        if "seed" in orders:
            self.script.lot.seed(int(orders["seed"]))
        if "hold" in orders:
            (self.gate.clear if orders["hold"] else self.gate.set)()
        return replies.as_json({"latency": self.latency, "faults": len(self.script.faults)})

    def _follow(self, body: bytes) -> HttpReply:
        """A list of scripts to follow too, each as `llm.simulator.script` says."""
        try:
            sequences = [Sequence.of(entry) for entry in json.loads(body)]
        except (TypeError, ValueError, AttributeError) as error:
            return failure(400, str(error), "invalid_request")
        self.script.sequences += sequences
        return replies.as_json({"scripts": len(self.script.sequences)})


async def _forever(seconds: float | None) -> None:
    await (asyncio.Event().wait() if seconds is None else asyncio.sleep(seconds))
