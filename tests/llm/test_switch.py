"""Staff stop all calls, with a reason that waiting jobs show."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from llm import errors, health, switch
from llm.models import Circuit, KillSwitch, LLMCall
from tests.llm.asking import ask

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stopped(simulator):
    switch.stop(actor_id=1, reason="answers look wrong")
    yield
    KillSwitch.objects.all().delete()


def test_a_stopped_client_sends_nothing_and_says_why_and_when_to_look(stopped, simulator):
    with pytest.raises(errors.Stopped, match="answers look wrong") as refused:
        ask("one")
    error = refused.value
    assert (error.retryable, error.stops_job) == (True, True)
    assert 50 < (error.retry_at - timezone.now()).total_seconds() < 70
    assert simulator.stats()["served"] == 0
    assert not LLMCall.objects.exists()


def test_answers_from_the_cache_are_still_given(simulator):
    ask("one")
    switch.stop(actor_id=1, reason="too dear")
    try:
        assert ask("one").cached
    finally:
        switch.go_on(actor_id=1)
    assert ask("two")


def test_the_admin_asks_for_a_reason_and_only_superusers_switch(
    client, admin_client, django_user_model
):
    add = reverse("admin:llm_killswitch_add")
    refused = admin_client.post(add, {"stopped": "on", "reason": ""})
    assert "Say why" in refused.content.decode()
    assert not KillSwitch.objects.exists()
    admin_client.post(add, {"stopped": "on", "reason": "audit"})
    assert KillSwitch.objects.get().reason == "audit"
    change = reverse("admin:llm_killswitch_change", args=[1])
    staff = django_user_model.objects.create_user("clerk", is_staff=True)
    client.force_login(staff)
    assert client.post(change, {"reason": "x"}).status_code == 403
    admin_client.post(change, {"reason": "over"})
    assert KillSwitch.objects.get().stopped_at is None
    history = LogEntry.objects.order_by("pk").values_list("change_message", flat=True)
    assert [*history] == ["Stopped: audit", "Went on"]
    KillSwitch.objects.all().delete()


def test_the_page_of_calls_says_that_they_are_stopped(stopped, admin_client):
    page = admin_client.get(reverse("llm:call_list")).content.decode()
    assert "Model calls are switched off since" in page and "answers look wrong" in page
    switch.go_on(actor_id=1)
    assert "switched off" not in admin_client.get(reverse("llm:call_list")).content.decode()


def test_the_page_of_calls_says_which_model_is_not_asked(simulator, admin_client):
    Circuit.objects.create(
        provider="models.example", model="small", last_error="It is down.",
        open_until=timezone.now() + timedelta(minutes=5),
    )  # fmt: skip
    Circuit.objects.create(
        provider="models.example", model="large", open_until=timezone.now() - timedelta(minutes=5)
    )
    page = admin_client.get(reverse("llm:call_list")).content.decode()
    assert "small at models.example is failing, and asked again from" in page
    assert "large at models.example" not in page


def test_the_health_check_names_the_switch(stopped):
    [found] = health.check_all()
    assert not found.ok and "kill switch" in found.mend
