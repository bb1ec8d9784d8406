"""A model endpoint that does whatever the text it is given demands, over real HTTP."""

import json
import threading
from collections.abc import Callable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from llm import fences
from llm.simulator import replies
from llm.simulator.registry import rules
from tests.injections import orders
from tests.injections.orders import Order


class ObedientModel:
    """Its requests, as they came, and what it was told to do in them."""

    def __init__(self, address: str) -> None:
        self.base_url = address
        self.requests: list[dict] = []
        self.obeyed: list[Order] = []

    @property
    def settings(self) -> dict:
        """For `settings.LLM`."""
        return {
            "BASE_URL": self.base_url,
            "API_KEY": "sk-obedient-0123456789",
            "MODEL": "obedient",
            "SIMULATED": True,
            "TIMEOUT": 30,
            "CONNECT_TIMEOUT": 15,
        }

    def forget(self) -> None:
        self.requests, self.obeyed = [], []

    def message(self, request: dict, key: str) -> dict:
        """The reply's message: an honest answer by rule, changed as each order found demands."""
        self.requests.append(request)
        said = "\n".join(str(each.get("content")) for each in request["messages"])
        found = orders.found_in(said)
        self.obeyed += found
        asked = next(each["content"] for each in request["messages"] if each["role"] == "user")
        honest = rules()[replies.operation_of(request)](fences.read(asked))
        message = {"content": json.dumps(honest, ensure_ascii=False), "refusal": None}
        for order in found:
            message = _obeyed(order, message, f"{said}\nAuthorization: {key}")
        return message


def _obeyed(order: Order, message: dict, known: str) -> dict:
    if order.text:
        return {"content": order.text, "refusal": None}
    if order.reply:
        return order.reply
    if not message["content"]:
        return message
    answer = json.loads(message["content"])
    items = next((each for each in answer.values() if isinstance(each, list)), [])
    template = dict(items[0]) if items else {}
    items += [template | more for more in order.add]
    for item in items:
        item.update(order.each)
        if order.echo:
            item.update(
                {name: known[-1500:] for name in ("description", "rationale") if name in item}
            )
    answer |= order.merge
    return {"content": json.dumps(answer, ensure_ascii=False), "refusal": None}


@contextmanager
def serving():
    """An obedient model that listens on a port of its own."""
    listener = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    model = ObedientModel(f"http://127.0.0.1:{listener.server_port}/v1")
    listener.RequestHandlerClass = _handler(model.message)
    thread = threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield model
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()


def _handler(answer: Callable[[dict, str], dict]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            message = answer(json.loads(body), self.headers["Authorization"])
            reply = json.dumps(
                {
                    "id": "chatcmpl-1",
                    "object": "chat.completion",
                    "created": 1,
                    "model": "obedient-1",
                    "choices": [
                        {
                            "index": 0,
                            "message": {"role": "assistant", **message},
                            "finish_reason": "tool_calls" if "tool_calls" in message else "stop",
                        }
                    ],
                    "usage": {"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20},
                }
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *args) -> None:
            """Says nothing on standard error."""

    return Handler
