"""Endpoints come from settings and admin; their keys are read where they are kept."""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from llm import conf, errors, providers
from llm.checks import check_settings
from llm.models import LLMCall, Provider, Route
from tests.llm.asking import ask

pytestmark = pytest.mark.django_db(transaction=True)
ENTRY = {"name": "second", "base_url": "http://127.0.0.1:9/v1", "model": "m"}


def test_settings_and_admin_both_name_providers(simulator, monkeypatch):
    monkeypatch.setenv("SECOND_KEY", "s3cret")
    settings.LLM = simulator.settings | {
        "PROVIDERS": [ENTRY | {"key_env": "SECOND_KEY", "price_in": "1.5", "rpm": 60}],
        "BUDGET_DAY": 7,
    }
    Provider.objects.create(name="third", base_url=simulator.base_url, model="n", tpm=9)
    found = {each.name: each for each in providers.every()}
    assert list(found) == ["settings", "second", "third"]
    second = found["second"]
    assert (second.api_key, second.rpm, str(second.price_in)) == ("s3cret", 60, "1.5")
    assert "s3cret" not in repr(second)
    # The policy is one for all; what is said of one endpoint is not taken from another.
    assert (second.budget_day, second.simulated, found["third"].tpm) == (7, False, 9)


def test_a_key_is_read_from_a_variable_or_a_file_at_each_use(tmp_path, monkeypatch):
    place = tmp_path / "key"
    assert "no key" in providers.key_problem(f"file:{place}")
    place.write_text("from-a-file\n")
    assert providers.key_of(f"file:{place}") == "from-a-file"
    assert providers.key_problem(f"file:{place}") == ""
    monkeypatch.setenv("A_KEY", "from-a-variable")
    assert providers.key_of("env:A_KEY") == "from-a-variable"
    assert "env:NAME" in providers.key_problem("sk-very-secret")
    assert providers.key_problem("") == ""


def test_no_other_secret_or_file_of_this_host_is_sent_as_a_key(settings, monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", settings.SECRET_KEY)
    assert "setting SECRET_KEY" in providers.key_problem("env:SECRET_KEY")
    place = tmp_path / "passwd"
    place.write_text("root:x:0:0\nbin:x:1:1\n")
    assert "one word" in providers.key_problem(f"file:{place}")
    place.write_bytes(b"\xff\x00")
    assert "no key" in providers.key_problem(f"file:{place}")
    settings.LLM = {"API_KEY": "the-same-account"}
    monkeypatch.setenv("LLM_API_KEY", "the-same-account")
    assert providers.key_problem("env:LLM_API_KEY") == ""


@pytest.fixture
def form() -> dict:
    """Of a provider that nothing is wrong with."""
    return {
        "name": "second", "base_url": "http://127.0.0.1:9/v1", "model": "m", "timeout": 90,
        "structured": "json_schema", "dialect": "standard", "connect_timeout": 10, "rpm": 0,
        "tpm": 0, "context_tokens": 0, "output_tokens": 0, "price_in": 0, "price_out": 0,
        "enabled": "on", "key_from": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("timeout", "0"),
        ("timeout", "1e300"),
        ("connect_timeout", "-1"),
        ("price_in", "-4"),
        ("base_url", "no address"),
        ("base_url", "http://user:password@127.0.0.1:9/v1"),
        ("base_url", "http://127.0.0.1:9/v1?key=abc"),
    ],
)
def test_a_provider_that_cant_work_or_shows_a_password_is_refused(admin_client, form, field, value):
    response = admin_client.post(reverse("admin:llm_provider_add"), form | {field: value})
    assert [*response.context["adminform"].form.errors] == [field]
    assert not Provider.objects.exists()


def test_the_key_itself_is_refused_by_the_admin_and_never_shown(admin_client, form, monkeypatch):
    add = reverse("admin:llm_provider_add")
    refused = admin_client.post(add, form | {"key_from": "sk-very-secret"})
    assert "never the key itself" in refused.content.decode()
    monkeypatch.setenv("SECOND_KEY", "s3cret")
    assert admin_client.post(add, form | {"key_from": "env:SECOND_KEY"}).status_code == 302
    change = reverse("admin:llm_provider_change", args=[Provider.objects.get().pk])
    for address in (change, reverse("admin:llm_provider_changelist")):
        assert "s3cret" not in admin_client.get(address).content.decode()


def test_a_route_names_known_providers_and_keeps_who_approved_it(admin_client, admin_user):
    Provider.objects.create(name="third", base_url="http://127.0.0.1:9/v1", model="n")
    add = reverse("admin:llm_route_add")
    refused = admin_client.post(add, {"operation": "*", "providers": "settings,nobody"})
    assert "No such provider: nobody" in refused.content.decode()
    refused = admin_client.post(add, {"operation": "scoping.jugde", "providers": "third"})
    assert "No such operation. There are: *, " in refused.content.decode()
    refused = admin_client.post(add, {"operation": "*", "providers": "third,third"})
    assert "each provider once" in refused.content.decode()
    admin_client.post(add, {"operation": "*", "providers": "settings,third"})
    route = Route.objects.get()
    assert (route.providers, route.approved_by) == (["settings", "third"], admin_user.pk)
    listed = admin_client.get(reverse("admin:llm_route_changelist")).content.decode()
    assert f">{admin_user}</td>" in listed


def test_an_operation_without_an_approved_route_asks_the_settings_provider_alone(simulator):
    Provider.objects.create(name="third", base_url=simulator.base_url, model="n")
    Route.objects.create(operation="*", providers=["third"])
    assert [each.name for each in providers.routed("support.name_items")] == ["settings"]
    Route.objects.update(approved_at=timezone.now())
    assert [each.name for each in providers.routed("support.name_items")] == ["third"]
    Route.objects.create(
        operation="support.name_items", providers=["settings"], approved_at=timezone.now()
    )
    assert [each.name for each in providers.routed("support.name_items")] == ["settings"]
    Provider.objects.update(enabled=False)
    with pytest.raises(errors.NotConfigured):
        providers.routed("support.other")


def test_whoever_is_named_on_pages_is_also_asked(settings):
    settings.LLM = {"PROVIDERS": [ENTRY]}
    assert providers.provider_label("support.name_items") == ENTRY["model"]
    assert [each.name for each in providers.routed("support.name_items")] == ["second"]
    settings.LLM = {}
    assert providers.provider_label("support.name_items") == ""
    Provider.objects.create(name="third", base_url="http://localhost:1/v1", model="of-the-admin")
    assert providers.provider_label("support.name_items") == ""  # nobody approved it
    Route.objects.create(operation="*", providers=["third"], approved_at=timezone.now())
    assert providers.provider_label("support.name_items") == "of-the-admin"


def test_one_provider_can_be_asked_by_its_name(simulator):
    Provider.objects.create(
        name="third", base_url=simulator.base_url, model="simulated", output_tokens=300
    )
    answer = ask("one", provider_name="third")
    assert answer.provider == "third"
    assert LLMCall.objects.get().parameters["max_tokens"] <= 300
    with pytest.raises(errors.NoSuchProvider, match="settings, third"):
        ask("two", provider_name="fourth")


def test_what_a_model_cannot_read_is_refused_before_it_is_sent(simulator):
    settings.LLM = simulator.settings | {
        "PROVIDERS": [ENTRY | {"base_url": simulator.base_url, "context_tokens": 100}]
    }
    with pytest.raises(errors.PromptTooLong, match="100"):
        ask("one", provider_name="second")
    assert simulator.stats()["served"] == 0


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"name": "x"}, "lacks base_url, model"),
        (ENTRY | {"api_key": "sk"}, "unknown fields: api_key"),
        (ENTRY | {"name": "settings"}, "taken"),
        (ENTRY | {"base_url": "ftp://x"}, "http"),
    ],
)
def test_wrong_entries_are_told_at_the_start(settings, entry, said):
    settings.LLM = {"PROVIDERS": [entry]}
    assert any(said in error.msg for error in check_settings(None))
    assert conf.current().name == "settings"
