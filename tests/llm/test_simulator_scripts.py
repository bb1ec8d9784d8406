"""Scripts of the simulator: which request meets which fault, and what each fault looks like."""

import time
import urllib.error

import httpx
import pytest

from llm import prompts
from llm.simulator.faults import FAULTS, PASSING, Fault, UnknownFault
from llm.simulator.registry import rules
from llm.simulator.script import BadScript, Script, Sequence, steps
from tests.llm.test_simulator import body


def names(*faults: Fault | None) -> list[str]:
    return [fault.name if fault else "ok" for fault in faults]


def script(*entries: dict) -> Script:
    made = Script()
    made.sequences = [Sequence.of(entry) for entry in entries]
    return made


def test_a_step_names_a_fault_with_its_number_and_how_often():
    assert names(*steps("truncated")) == ["truncated"]
    assert names(*steps("500*3")) == ["server_error"] * 3
    assert names(*steps("ok*2")) == ["ok", "ok"]
    assert [fault.retry_after for fault in steps("429:2.5*2")] == [2.5, 2.5]
    assert [fault.seconds for fault in steps("hang:3")] == [3]
    assert names(*steps("ok:0.5")) == ["slow"]
    for wrong in ("", "429:", "ok*", "a b", "truncated:x"):
        with pytest.raises(BadScript):
            steps(wrong)
    with pytest.raises(UnknownFault):
        steps("explode*2")


def test_each_request_takes_the_next_step_of_what_matches_it():
    told = script(
        {"match": {"contains": "Balance"}, "faults": ["truncated", "malformed", "ok"]},
        {"match": {"operation": "a.b"}, "faults": ["500*2"]},
    )
    met = [
        told.next("a.b", "Limit"),
        told.next("a.b", "Balance"),
        told.next("c.d", "Balance, Limit"),
        told.next("a.b", "Balance"),
        told.next("a.b", "Balance"),  # the first is used up
        told.next("a.b", "Balance"),  # and so is the second
        told.next("c.d", "Limit"),
    ]
    assert names(*met) == [
        "server_error",
        "truncated",
        "malformed",
        "ok",
        "server_error",
        "ok",
        "ok",
    ]


def test_only_the_nth_request_that_matches_is_met():
    told = script({"match": {"nth": [2, 4]}, "faults": ["empty", "html"]})
    assert names(*(told.next("a.b") for _ in range(5))) == ["ok", "empty", "ok", "html", "ok"]


def test_any_is_one_of_those_that_pass_and_repeatable():
    def drawn(seed: int) -> list[str]:
        made = Script([Fault.parse("any:0.5")], seed)
        return names(*(made.next("a.b") for _ in range(200)))

    assert drawn(1) == drawn(1) != drawn(2)
    assert set(drawn(1)) == {"ok", *PASSING}
    assert 60 < drawn(1).count("ok") < 140


@pytest.mark.parametrize(
    "entry",
    [
        {"faults": ["explode"]},
        {"faults": "500"},
        {"match": {"colour": "red"}, "faults": []},
        {"match": {}, "faults": ["500"], "times": 2},
        {"match": {}},
    ],
)
def test_a_script_that_says_nothing_clear_is_refused(simulator, entry):
    with pytest.raises(urllib.error.HTTPError) as refused:
        simulator._post("_script", [entry])
    with refused.value as reply:
        assert reply.code == 400


def post(simulator, **options) -> httpx.Response:
    return httpx.post(f"{simulator.base_url}/chat/completions", json=body(), **options)


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("400", 400),
        ("401", 401),
        ("402", 402),
        ("403", 403),
        ("404", 404),
        ("429", 429),
        ("500", 500),
        ("503", 503),
        ("529", 529),
    ],
)
def test_a_fault_can_be_named_by_its_status(simulator, fault, status):
    simulator.follow(f"{fault}:7")
    reply = post(simulator)
    assert reply.status_code == status
    assert reply.headers.get("retry-after") == ("7" if status in (429, 503, 529) else None)
    assert simulator.stats()["tokens_out"] == 0  # a provider would bill nothing


def test_the_connection_is_reset_in_the_middle_of_the_answer(simulator):
    simulator.follow("reset")
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        post(simulator)
    stats = simulator.stats()
    assert stats["tokens_out"] > 0  # the model had written it


def test_who_hangs_may_hang_up(simulator):
    simulator.follow("hang:0.2")
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        post(simulator)


def test_a_drip_comes_whole_and_late(simulator):
    simulator.follow("drip:0.4")
    began = time.monotonic()
    assert post(simulator).json()["choices"]
    assert time.monotonic() - began >= 0.4


@pytest.mark.parametrize(
    ("fault", "shows"),
    [
        ("chopped", lambda reply: choice(reply)["finish_reason"] == "length"),
        ("looping", lambda reply: content(reply).count("and so on") > 3),
        ("content_filter", lambda reply: choice(reply)["finish_reason"] == "content_filter"),
        ("duplicates", lambda reply: content(reply).count('"name"') == 2),
        ("renamed", lambda reply: '"A "' in content(reply)),
        ("no_choices", lambda reply: reply.json()["choices"] == []),
        ("no_usage", lambda reply: "usage" not in reply.json()),
        ("other_model", lambda reply: reply.json()["model"] == "simulated-2"),
        ("wrong_type", lambda reply: reply.headers["content-type"] == "text/plain"),
        ("html", lambda reply: reply.text.startswith("<html>")),
    ],
)
def test_a_spoiled_answer_shows_what_is_wrong(simulator, fault, shows):
    simulator.follow(fault)
    reply = httpx.post(f"{simulator.base_url}/chat/completions", json=body(max_tokens=100))
    assert reply.status_code == 200
    assert shows(reply)
    assert not shows(post(simulator))
    assert simulator.stats()["by_fault"] == {fault: 1}


def choice(reply) -> dict:
    return reply.json()["choices"][0]


def content(reply) -> str:
    return choice(reply)["message"]["content"] if reply.json().get("choices") else ""


def test_every_operation_has_a_rule_that_answers_it():
    asked = {operation for operation, _ in prompts.files() if operation != "support.prompt"}
    assert asked <= set(rules())
    assert {"planning.draft_attributes", "scoping.judge", "llm.health"} <= asked


def test_every_fault_is_told_of_in_the_help():
    assert all(FAULTS.values()) and set(PASSING) < set(FAULTS)


def test_the_bill_of_the_provider_is_counted(simulator):
    usage = post(simulator).json()["usage"]
    stats = simulator.stats()
    assert stats["tokens_in"] == usage["prompt_tokens"]
    assert stats["tokens_out"] == usage["completion_tokens"]
