"""The health check says whether a model answers, and what to mend when not."""

import pytest

from llm import health
from llm.models import Provider

pytestmark = pytest.mark.django_db(transaction=True)


def check() -> health.Health:
    [found] = health.check_all()
    return found


def test_answering_model_is_well(simulator):
    found = check()
    assert (found.ok, found.configured, found.label) == (True, True, "simulated model")
    assert "answered in" in found.message


def test_no_model_is_well_and_told(settings):
    settings.LLM = {}
    found = check()
    assert (found.ok, found.configured) == (True, False)
    assert "LLM_BASE_URL" in found.mend


@pytest.mark.parametrize(
    ("fault", "mend"), [("auth", "LLM_API_KEY"), ("not_found", "LLM_MODEL"), ("quota", "budget")]
)
def test_fault_comes_with_its_mend(simulator, fault, mend):
    simulator.script(fault)
    found = check()
    assert not found.ok and mend in found.mend and found.message


def test_dead_endpoint_comes_with_its_mend(simulator, settings):
    settings.LLM = {**settings.LLM, "BASE_URL": "http://127.0.0.1:9/v1"}
    found = check()
    assert not found.ok and "LLM_BASE_URL" in found.mend


def test_the_mend_names_what_is_wrong_of_which_provider(simulator, settings, monkeypatch):
    settings.LLM = {}
    provider = Provider.objects.create(
        name="second", base_url=simulator.base_url, model="m", key_from="env:SECOND_KEY"
    )
    simulator.script("auth", times=2)
    assert "where the provider second says" in check().mend
    monkeypatch.setenv("SECOND_KEY", "not-the-right-one")
    found = check()
    assert "Check the key of the provider second." in found.message
    assert ".." not in found.message and "LLM_API_KEY" not in found.message + found.mend
    Provider.objects.filter(pk=provider.pk).update(base_url="http://127.0.0.1:9/v1")
    assert "Check the base URL of the provider second" in check().mend


def test_it_asks_each_time(simulator):
    check()
    check()
    assert simulator.stats()["served"] == 2


def test_every_provider_is_asked_whether_or_not_a_route_names_it(simulator):
    Provider.objects.create(name="dead", base_url="http://127.0.0.1:9/v1", model="m")
    Provider.objects.create(name="alive", base_url=simulator.base_url, model="simulated")
    Provider.objects.create(name="off", base_url=simulator.base_url, model="m", enabled=False)
    found = {each.label: each.ok for each in health.check_all()}
    assert found == {"simulated model": True, "m (dead)": False, "simulated (alive)": True}
