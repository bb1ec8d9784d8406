"""A version that did worse than the one in use is pinned only against a reason."""

import pytest
from django.core.management import CommandError
from django.urls import reverse

from llm import pins
from llm.admin.prompts import PromptPinForm
from llm.evaluation.errors import OverrideNeedsReason, VersionNotEvaluated, VersionWorse
from llm.models import Evaluation, PromptPin
from tests.llm.evaluating import evaluate, filed, latest, version, write_golden

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def golden(tmp_path):
    return write_golden(tmp_path)


def pin(chosen, **options):
    return pins.pin(chosen, actor_id=1, **{"reason": "tried"} | options)


def test_what_nobody_evaluated_is_pinned_freely(simulator):
    assert pin(version("new")).overrides is False


def test_a_worse_version_needs_an_override_and_a_reason(simulator, golden):
    short = version("short", output_tokens=10)
    evaluate(golden, "--prompt", "3", "--prompt", "short")
    with pytest.raises(VersionWorse, match="recall of names 0.000 after 1.000 on Eight names"):
        pin(short)
    with pytest.raises(OverrideNeedsReason):
        pin(short, reason=" ", override=True)
    assert not PromptPin.objects.exists()
    pinned = pin(short, reason="shown to the board", override=True)
    assert (pinned.overrides, pinned.pinned_by, pinned.reason) == (True, 1, "shown to the board")
    # Back to the better one: nothing stands in its way.
    assert pin(filed(), override=True).overrides is False


def test_an_equal_version_is_pinned_freely(simulator, golden):
    alike = version("alike", system="Score the items, please.")
    evaluate(golden, "--prompt", "3", "--prompt", "alike")
    assert pin(alike).overrides is False


def test_a_version_without_the_present_one_s_evaluation_is_refused(simulator, golden, tmp_path):
    new = version("new", system="Score the items, please.")
    evaluate(golden, "--prompt", "3")
    with pytest.raises(VersionNotEvaluated, match="no evaluation on Eight names with simulated-1"):
        pin(new)
    # Some of the cases, or cases that the endpoint spoiled, are not enough.
    evaluate(golden, "--prompt", "new", "--most-cases", "2")
    simulator.script("auth", times=4)
    with pytest.raises(CommandError, match="answered no case"):
        evaluate(golden, "--prompt", "new")
    with pytest.raises(VersionNotEvaluated):
        pin(new)
    evaluate(golden, "--prompt", "new")
    assert pin(new).overrides is False


def test_the_newest_evaluation_decides(simulator, golden):
    new = version("new", system="Score the items, please.")
    simulator.script("refusal", times=4)
    evaluate(golden, "--prompt", "new", "--prompt", "3")
    with pytest.raises(VersionWorse):
        pin(new)
    evaluate(golden, "--prompt", "new")
    assert pin(new).overrides is False


def test_simulated_evaluations_decide_nothing_where_the_model_is_real(simulator, golden, settings):
    short = version("short", output_tokens=10)
    evaluate(golden, "--prompt", "3", "--prompt", "short")
    settings.LLM = settings.LLM | {"SIMULATED": False}
    assert pin(short).overrides is False
    PromptPin.objects.all().delete()
    Evaluation.objects.update(simulated=False)
    with pytest.raises(VersionWorse):
        pin(short)


def test_the_admin_says_why_at_the_field_and_keeps_who_overrode(
    simulator, golden, admin_client, admin_user
):
    short = version("short", output_tokens=10)
    evaluate(golden, "--prompt", "3", "--prompt", "short")
    add = reverse("admin:llm_promptpin_add")
    page = admin_client.post(add, {"version": short.pk, "reason": "trial"}).content.decode()
    assert "did worse than version 3, which is in use: recall of names 0.000" in page
    assert not PromptPin.objects.exists()
    sent = {"version": short.pk, "reason": "trial", "override": "on"}
    assert admin_client.post(add, sent).status_code == 302
    pinned = PromptPin.objects.get()
    assert (pinned.overrides, pinned.pinned_by) == (True, admin_user.pk)
    history = reverse("admin:llm_promptpin_history", args=[pinned.pk])
    assert "against its evaluation: trial" in admin_client.get(history).content.decode()


def test_an_evaluation_that_ends_meanwhile_is_seen_by_the_pin_itself(
    simulator, golden, admin_client, monkeypatch
):
    short = version("short", output_tokens=10)
    evaluate(golden, "--prompt", "3", "--prompt", "short")
    # The form looked before that evaluation was there.
    monkeypatch.setattr(PromptPinForm, "clean", lambda form: form.cleaned_data)
    sent = {"version": short.pk, "reason": "trial"}
    answer = admin_client.post(reverse("admin:llm_promptpin_add"), sent, follow=True)
    assert "did worse than version 3" in answer.content.decode()
    assert not PromptPin.objects.exists()


def test_the_admin_compares_two_evaluations(simulator, golden, admin_client):
    version("short", output_tokens=10)
    evaluate(golden, "--prompt", "3", "--prompt", "short")
    good, worse = Evaluation.objects.order_by("id")
    listing = reverse("admin:llm_evaluation_changelist")
    assert "Eight names" in admin_client.get(listing).content.decode()
    detail = admin_client.get(reverse("admin:llm_evaluation_change", args=[worse.pk]))
    assert "llm_truncated" in detail.content.decode()
    chosen = {"action": "compare", "_selected_action": [worse.pk, good.pk]}
    page = admin_client.post(listing, chosen, follow=True).content.decode()
    assert "prompt 3" in page and "prompt short" in page
    assert "-1.000" in page and "worse" in page and "0.0078" in page
    chosen["_selected_action"] = [good.pk]
    page = admin_client.post(listing, chosen, follow=True).content.decode()
    assert "Choose two evaluations" in page


def test_evaluations_of_other_cases_are_not_compared(simulator, golden, admin_client):
    evaluate(golden)
    first = latest()
    evaluate(golden, "--most-cases", "2")
    address = reverse("admin:llm_evaluation_compare", args=[first.pk, latest().pk])
    answer = admin_client.get(address)
    assert answer.status_code == 409
    assert "be compared" in answer.content.decode()
    absent = reverse("admin:llm_evaluation_compare", args=[first.pk, 10**9])
    assert admin_client.get(absent).status_code == 404


def test_nobody_changes_an_evaluation(simulator, golden, admin_client, client):
    evaluate(golden)
    kept = latest()
    address = reverse("admin:llm_evaluation_change", args=[kept.pk])
    assert admin_client.post(address, {"cases": 1}).status_code == 403
    assert admin_client.get(reverse("admin:llm_evaluation_add")).status_code == 403
    compare = reverse("admin:llm_evaluation_compare", args=[kept.pk, kept.pk])
    assert client.get(compare).status_code == 302
