"""Staff stop all calls, with a reason that waiting jobs show."""

import pytest
from django.urls import reverse
from django.utils import timezone

from llm import errors, switch
from llm.models import KillSwitch, LLMCall
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
    KillSwitch.objects.all().delete()
