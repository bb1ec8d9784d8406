"""A model endpoint over real HTTP whose answers on single attributes a test words itself."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from llm import fences
from synapse.scoping.simulated import judge


class WordedModel:
    """Answers as the simulator does, but for the words set for an attribute, by its name."""

    def __init__(self, address: str) -> None:
        self.settings = {
            "BASE_URL": address,
            "API_KEY": "worded-model-key",
            "MODEL": "worded",
            "TIMEOUT": 30,
            "CONNECT_TIMEOUT": 15,
        }
        self.words: dict[str, list[dict]] = {}
        self.asked: list[list[str]] = []

    def say(self, name: str, *answers: dict) -> None:
        """What its answers say of this attribute, one after the other, the last again and again."""
        self.words[name] = list(answers)

    def answer(self, request: dict) -> dict:
        sent = fences.read(request["messages"][-1]["content"])
        names = {each["id"]: each["name"] for each in sent["attributes"]}
        self.asked.append([*names.values()])
        answer = judge(sent)
        for each in answer["judgements"]:
            told = self.words.get(names[each["id"]])
            if told:
                each.update(told.pop(0) if len(told) > 1 else told[0])
        return answer


@contextmanager
def serving():
    """A worded model on a port of its own."""
    listener = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    model = WordedModel(f"http://127.0.0.1:{listener.server_port}/v1")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            message = {"role": "assistant", "content": json.dumps(model.answer(request))}
            usage = {"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20}
            reply = {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1,
                "model": "worded-1",
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": usage,
            }
            body = json.dumps(reply).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args) -> None:
            """Says nothing on standard error."""

    listener.RequestHandlerClass = Handler
    thread = threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield model
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()
