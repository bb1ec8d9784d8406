"""Secrets of the installation are in no prompt, whatever they got into."""

import asyncio

import pytest
from django.conf import settings as django_settings

from llm import complete, secrecy
from llm.errors import SecretInPrompt
from llm.models import LLMCall, PromptVersion, Provider
from tests.llm.asking import OPERATION, Items, ask, variables

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def secret(settings):
    settings.SECRET_KEY = "s3cret-of-this-installation"
    return settings.SECRET_KEY


def refused(values: dict) -> SecretInPrompt:
    with pytest.raises(SecretInPrompt) as found:
        asyncio.run(complete(OPERATION, values, Items))
    return found.value


@pytest.mark.parametrize(
    "values",
    [
        {"text": "the key is {secret}, and so on"},
        {"wanted": ["balance", "x{secret}y"]},
    ],
)
def test_a_secret_in_a_text_is_refused_before_anything_is_sent(simulator, secret, values):
    filled = {
        name: [each.format(secret=secret) for each in value]
        if isinstance(value, list)
        else value.format(secret=secret)
        for name, value in values.items()
    }
    error = refused(variables() | filled)
    assert (error.code, error.http_status) == ("llm_secret_in_prompt", 422)
    assert "setting SECRET_KEY" in error.message
    assert secret not in error.message
    assert simulator.stats()["by_operation"] == {}
    assert not LLMCall.objects.exists()


def test_the_endpoint_s_own_key_is_one(simulator, settings):
    settings.LLM = settings.LLM | {"API_KEY": "sk-live-0123456789"}
    assert "LLM.API_KEY" in refused(variables() | {"text": "sk-live-0123456789"}).message


def test_the_key_of_a_provider_kept_in_the_admin_is_one(simulator, monkeypatch, tmp_path):
    Provider.objects.create(
        name="west", base_url="http://127.0.0.1:9/v1", model="m", key_from=f"file:{tmp_path}/key"
    )
    (tmp_path / "key").write_text("west-0123456789\n")
    assert "provider west" in refused(variables() | {"text": "is it west-0123456789?"}).message


def test_a_secret_named_in_the_environment_is_one(simulator, monkeypatch):
    monkeypatch.setenv("OTHER_SERVICE_TOKEN", "tok-0123456789")
    assert "OTHER_SERVICE_TOKEN" in refused(variables() | {"text": "tok-0123456789"}).message


def test_the_password_of_the_database_is_one(monkeypatch):
    monkeypatch.setitem(django_settings.DATABASES["default"], "PASSWORD", "pg-0123456789")
    assert "DATABASES.default.PASSWORD" in secrecy.found_in({"text": ["a pg-0123456789 b"]})


def test_a_key_of_json_is_a_text_too(secret):
    assert secrecy.found_in({"rows": [{secret: 1}]}) == "setting SECRET_KEY"


def test_what_can_not_be_told_from_a_word_is_not_looked_for(simulator, settings):
    settings.SECRET_KEY = "balances"
    assert "setting SECRET_KEY" not in secrecy.secrets()
    assert ask("balances").parsed.items[0].name == "balances"


def test_no_prompt_text_holds_a_secret(simulator, secret):
    ask()
    assert not secrecy.found_in([each.text for each in PromptVersion.objects.all()])
