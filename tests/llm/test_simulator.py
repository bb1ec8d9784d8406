"""The simulator behaves as a provider would, and says truly what it is doing."""

import http.client
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing

import httpx
import openai
import psutil
import pytest

from llm.simulator.faults import Fault, UnknownFault
from llm.simulator.script import Script
from llm.simulator.spoiling import spoil
from synapse.common import embedded
from tests.support.workers import wait_for


def body(**changes) -> dict:
    request = {
        "model": "simulated",
        "messages": [
            {
                "role": "user",
                "content": '<data name="wanted" type="json">\n["a"]\n</data> '
                '<data name="text">\nsome text\n</data>',
            }
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "support__name_items", "schema": {}},
        },
    }
    return request | changes


def test_models_are_listed_to_the_sdk(simulator):
    client = openai.OpenAI(base_url=simulator.base_url, api_key="x")
    assert [model.id for model in client.models.list()] == ["simulated"]
    client.close()


@pytest.mark.parametrize(
    ("content", "status"), [(b"", 400), (b"[]", 400), (b"{}", 400), (b'{"messages": []}', 400)]
)
def test_nonsense_is_refused(simulator, content, status):
    reply = httpx.post(f"{simulator.base_url}/chat/completions", content=content)
    assert reply.status_code == status


def test_operation_without_a_rule_is_named(simulator):
    request = body()
    request["response_format"]["json_schema"]["name"] = "nobody__asks"
    reply = httpx.post(f"{simulator.base_url}/chat/completions", json=request)
    assert reply.status_code == 400 and "nobody.asks" in reply.text


def test_counts_are_true(simulator):
    httpx.post(f"{simulator.base_url}/chat/completions", json=body())
    stats = simulator.stats()
    assert (stats["served"], stats["in_flight"], stats["peak"]) == (1, 0, 1)
    assert stats["by_operation"] == {"support.name_items": 1}


def test_caller_who_hangs_up_is_no_longer_in_flight(simulator):
    simulator.script("hang")
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{simulator.base_url}/chat/completions", json=body(), timeout=0.3)
    simulator.wait_until_idle()
    assert simulator.stats()["abandoned"] == 1


def test_who_is_under_way_at_a_reset_is_not_forgotten_and_leaves_all_the_same(simulator):
    simulator.script("hang")
    address = urllib.parse.urlsplit(simulator.base_url)
    with closing(http.client.HTTPConnection(address.netloc)) as caller:
        caller.request("POST", f"{address.path}/chat/completions", json.dumps(body()))
        wait_for(lambda: simulator.stats()["in_flight"], 60, "it has come")
        simulator._control(reset=True)
        stats = simulator.stats()
        assert (stats["in_flight"], stats["peak"]) == (1, 1)
    simulator.wait_until_idle()


def test_script_is_used_up_and_can_name_an_operation():
    script = Script([Fault("500", times=1, operation="a.b"), Fault("auth", times=2)])
    names = [fault.name if (fault := script.next(op)) else None for op in ("c", "a.b", "c", "c")]
    assert names == ["auth", "server_error", "auth", None]


def test_share_is_repeatable():
    def run() -> int:
        script = Script([Fault.parse("429:0.25")])
        return sum(script.next("x") is not None for _ in range(400))

    assert run() == run()
    assert 70 < run() < 130


def test_unknown_fault_lists_what_there_is(simulator):
    with pytest.raises(UnknownFault, match="rate_limit"):
        Fault("explode")
    with pytest.raises(urllib.error.HTTPError):
        simulator.script("explode")


def test_spoiled_answers_leave_the_original_alone():
    answer = {"items": [{"name": "a", "quote": "q"}, {"name": "b", "quote": "q"}]}
    assert spoil(answer, "wrong_items") == {"items": [{"name": "a_of_nothing", "quote": "q"}]}
    quotes = spoil(answer, "wrong_quotes")["items"]
    assert all("nowhere" in item["quote"] for item in quotes)
    assert answer["items"][1] == {"name": "b", "quote": "q"}


def start(*arguments: str, parent: list[str] | None = None) -> subprocess.Popen:
    command = [sys.executable, str(embedded.BASE_DIR / "manage.py"), "simulator", *arguments]
    return subprocess.Popen(
        [*(parent or []), *command],
        cwd=embedded.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_taken_port_is_a_clear_error(simulator):
    port = simulator.base_url.split(":")[-1].split("/")[0]
    process = start("--port", port)
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 1 and f"Can't listen on 127.0.0.1:{port}" in complaint


def test_it_stops_on_a_signal_and_with_its_parent():
    shell = "import subprocess, sys; subprocess.run(sys.argv[1:])"
    process = start("--with-parent", parent=[sys.executable, "-c", shell])
    try:
        assert "http://" in process.stdout.readline()
        [child] = psutil.Process(process.pid).children()
        os.kill(process.pid, signal.SIGKILL)
        child.wait(timeout=60)
    finally:
        process.kill()
        process.communicate()

    process = start()
    assert "http://" in process.stdout.readline()
    process.terminate()
    process.communicate(timeout=60)


def test_hundreds_at_once(simulator):
    import asyncio

    async def storm():
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(limits=limits, timeout=60) as client:
            url = f"{simulator.base_url}/chat/completions"
            return await asyncio.gather(*(client.post(url, json=body()) for _ in range(400)))

    async def held():
        simulator.hold()
        calls = asyncio.create_task(storm())
        while (await asyncio.to_thread(simulator.stats))["in_flight"] < 400:
            await asyncio.sleep(0.05)
        simulator.let_go()
        return await calls

    replies = asyncio.run(held())
    assert {reply.status_code for reply in replies} == {200}
    stats = simulator.stats()
    assert stats["served"] == stats["peak"] == 400
    assert json.loads(replies[0].json()["choices"][0]["message"]["content"])["items"]
