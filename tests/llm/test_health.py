"""The health check says whether a model answers, and what to mend when not."""

import pytest

from llm import health

pytestmark = pytest.mark.django_db(transaction=True)


def test_answering_model_is_well(simulator):
    found = health.check()
    assert (found.ok, found.configured, found.label) == (True, True, "simulated model")
    assert "answered in" in found.message


def test_no_model_is_well_and_told(settings):
    settings.LLM = {}
    found = health.check()
    assert (found.ok, found.configured) == (True, False)
    assert "LLM_BASE_URL" in found.mend


@pytest.mark.parametrize(
    ("fault", "mend"), [("auth", "LLM_API_KEY"), ("not_found", "LLM_MODEL"), ("quota", "budget")]
)
def test_fault_comes_with_its_mend(simulator, fault, mend):
    simulator.script(fault)
    found = health.check()
    assert not found.ok and mend in found.mend and found.message


def test_dead_endpoint_comes_with_its_mend(simulator, settings):
    settings.LLM = {**settings.LLM, "BASE_URL": "http://127.0.0.1:9/v1"}
    found = health.check()
    assert not found.ok and "LLM_BASE_URL" in found.mend


def test_it_asks_each_time(simulator):
    health.check()
    health.check()
    assert simulator.stats()["served"] == 2
