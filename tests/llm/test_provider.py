"""Whatever an endpoint sends is read or refused by name, and may be kept afterwards."""

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from llm import errors, provider
from llm.conf import Conf

KEY = "sk-our-own-key"


@pytest.fixture
def endpoint():
    """An endpoint that sends `status` and `body` as they are set."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            body = self.server.body.encode()
            self.send_response(self.server.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.status, server.body = 200, ""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def send(endpoint) -> provider.Reply:
    address = f"http://127.0.0.1:{endpoint.server_port}/v1"
    conf = Conf(base_url=address, api_key=KEY, model="m", timeout=60)
    body = {"model": "m", "messages": [], "max_tokens": 5}
    return asyncio.run(provider.send("support.name_items", body, conf))


def reply_with(message=None, **changes) -> str:
    choice = {"index": 0, "finish_reason": "stop", "message": message or {"content": "{}"}}
    return json.dumps({"model": "m", "choices": [choice]} | changes)


@pytest.mark.parametrize(
    "body",
    [
        reply_with({"content": [{"type": "text", "text": "{}"}]}),
        reply_with({"content": None, "refusal": {"because": 1}}),
        reply_with(model=5),
        reply_with(usage=[1]),
        reply_with(choices={}),
        reply_with(choices=[]),
        reply_with({"content": "half \ud800"}),
        "[" * 5000,
        "null",
    ],
)
def test_reply_of_another_shape_is_the_providers_failure(endpoint, body):
    endpoint.body = body
    reply = send(endpoint)
    assert isinstance(reply.error, errors.ProviderFailed)
    assert reply.raw == {"text": body[:2000]}


def test_usage_that_is_not_told_is_not_known(endpoint):
    endpoint.body = reply_with(usage={"total_tokens": 3})
    reply = send(endpoint)
    assert (reply.error, reply.tokens_in, reply.tokens_out) == (None, None, None)


def test_what_postgres_could_not_hold_is_replaced(endpoint):
    endpoint.body = reply_with({"content": "a\0b \\u0000"})
    reply = send(endpoint)
    assert reply.content == "a\ufffdb \\u0000"
    assert reply.raw["choices"][0]["message"]["content"] == reply.content


def test_echoed_key_is_neither_told_nor_kept(endpoint):
    endpoint.status = 401
    endpoint.body = json.dumps({"error": {"message": f"Wrong key: {KEY}."}})
    reply = send(endpoint)
    assert isinstance(reply.error, errors.AuthFailed)
    assert "Wrong key: ***." in reply.error.message
    assert KEY not in json.dumps(reply.raw) and "Wrong key" in json.dumps(reply.raw)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"code": "content_filter", "message": "Filtered."}, errors.Refused),
        ({"message": "This model's maximum context length is 4096."}, errors.PromptTooLong),
        (
            {
                "code": 400,
                "message": "request (9025 tokens) exceeds the available context size",
                "type": "exceed_context_size_error",
            },
            errors.PromptTooLong,
        ),
        ({"code": 400, "message": "No."}, errors.RequestRejected),
    ],
)
def test_refused_request_is_told_apart_without_the_usual_codes(endpoint, error, kind):
    endpoint.status, endpoint.body = 400, json.dumps({"error": error})
    assert type(send(endpoint).error) is kind


def test_a_server_that_names_the_completion_only_can_still_be_asked_about_it(endpoint):
    endpoint.body = reply_with(id="chatcmpl-VnhNRgaI73nu4xUt")
    assert send(endpoint).request_id == "chatcmpl-VnhNRgaI73nu4xUt"


@pytest.mark.parametrize(("said", "told"), [(3, 3), (5, 5), (None, 5)])
def test_an_answer_cut_off_by_the_end_of_the_context_says_after_how_many_tokens(
    endpoint, said, told
):
    choice = {"finish_reason": "length", "message": {"content": '{"a": '}}
    usage = {"prompt_tokens": 8189, "completion_tokens": said}
    endpoint.body = reply_with(choices=[choice], usage=usage)
    error = send(endpoint).error
    assert isinstance(error, errors.Truncated)
    assert f"cut at {told} tokens" in error.message


def test_clients_are_closed_with_their_loop(endpoint):
    endpoint.body = reply_with()
    before = set(provider._clients)
    send(endpoint)
    assert set(provider._clients) <= before


def test_secrets_stay_out_of_names_and_representations():
    conf = Conf(base_url="https://user:password@host:1/v1", api_key=KEY)
    assert conf.provider == "host:1"
    assert KEY not in repr(conf)
