"""The main job, as the README's first command runs it."""

import re

import pytest

from tests.acceptance.machine import UpProcess

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(600)]


@pytest.mark.parametrize(
    ("model", "judge"), [("simulated", "simulated model 114"), ("none", "estimated 114")]
)
def test_the_demonstration_ends_with_approved_samples_and_leaves_nothing(model, judge):
    demo = UpProcess("--model", model, "--latency", "0.2", "--exit", command="demo")
    try:
        code = demo.process.wait(500)
        text = demo.output()
        assert code == 0, text
        assert figure("attributes", text) == "118"
        assert figure("judged by", text) == judge
        assert figure("records", text) == "3000, 0 rejected"
        assert figure("samples", text) == "100"
        assert figure("samples by category", text) == "anomaly 50, boundary 20, clean 30"
        assert figure("shortfall", text) == "none"
        assert figure("people in the audit trail", text) == "demo.owner, demo.tester"
        assert figure("own approvals refused", text) == "4 of 4 tried"
        assert figure("idle in transaction over 1 s", text) == "0"
        assert "demo.tester" in text[text.index("Logins") :]
        assert demo.left(database=True) == []
        errors_are_told(text)
    finally:
        demo.clean()


def errors_are_told(text: str) -> None:
    """Planted errors in the table, those that no rule reaches among them, agree with the totals."""
    rows = re.findall(r"^  (.+?) +(\d+) +(yes|no) +(\d+) +(\d+)$", text, re.MULTILINE)
    planted, found, drawn = (sum(int(row[at]) for row in rows) for at in (1, 3, 4))
    reachable = sum(int(row[1]) for row in rows if row[2] == "yes")
    assert planted == int(figure("anomalies planted", text))
    assert reachable == int(figure("reachable by a rule", text)) < planted
    assert found == int(figure("found by a rule", text).split(",")[0]) >= 0.9 * reachable
    assert drawn == int(figure("sampled", text)) > 0
    assert figure("flagged though nothing planted", text) == "0"


def test_a_model_that_is_not_there_ends_the_path_with_a_true_exit_code():
    demo = UpProcess(
        "--model",
        "configured",
        "--exit",
        command="demo",
        environment={"LLM_BASE_URL": "http://127.0.0.1:9/v1", "LLM_MODEL": "none-there"},
    )
    try:
        demo.wait_for_output("waiting", 240)
        assert demo.interrupt() == 1, demo.output()
        assert demo.left(database=True) == []
    finally:
        demo.clean()


def figure(name: str, text: str) -> str:
    found = re.search(rf"^  {re.escape(name)} {{2,}}(.*)$", text, re.MULTILINE)
    assert found, f"no line for {name} in:\n{text}"
    return found[1].strip()
