"""The main job, as the README's first command runs it."""

import re

import pytest

from tests.acceptance.machine import UpProcess

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]


@pytest.mark.parametrize(
    ("model", "judge"), [("simulated", "simulated model 114"), ("none", "estimated 114")]
)
def test_the_demonstration_ends_with_an_approved_scope_and_leaves_nothing(model, judge):
    demo = UpProcess("--model", model, "--latency", "0.2", "--exit", command="demo")
    try:
        code = demo.process.wait(240)
        text = demo.output()
        assert code == 0, text
        assert figure("attributes", text) == "118"
        assert figure("judged by", text) == judge
        assert figure("people in the audit trail", text) == "demo.owner, demo.tester"
        assert figure("own approvals refused", text) == "2 of 2 tried"
        assert figure("idle in transaction over 1 s", text) == "0"
        assert demo.left(database=True) == []
    finally:
        demo.clean()


def test_a_model_that_is_not_there_ends_the_path_with_a_true_exit_code():
    demo = UpProcess(
        "--model",
        "configured",
        "--exit",
        command="demo",
        environment={"LLM_BASE_URL": "http://127.0.0.1:9/v1", "LLM_MODEL": "none-there"},
    )
    try:
        demo.wait_for_output("waiting", 120)
        assert demo.interrupt() == 1, demo.output()
        assert demo.left(database=True) == []
    finally:
        demo.clean()


def figure(name: str, text: str) -> str:
    found = re.search(rf"^  {re.escape(name)} {{2,}}(.*)$", text, re.MULTILINE)
    assert found, f"no line for {name} in:\n{text}"
    return found[1].strip()
