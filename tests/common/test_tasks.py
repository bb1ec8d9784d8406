"""Housekeeping by the clock: what it deletes, what it leaves, and what it says."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from jobs import enqueue, registry
from jobs.models import Job
from jobs.testing import run_pending
from llm.models import CachedAnswer, LLMCall
from synapse.common import tasks
from synapse.common.models import IdempotentAnswer
from tests.factories.accounts import make_executive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_model_calls")]
NOW = timezone.now


def run(name: str) -> Job:
    job = enqueue(registry.get(name))
    run_pending()
    job.refresh_from_db()
    assert job.status == "succeeded"
    return job


def call(*, days: int, settled: bool = True) -> LLMCall:
    begun = NOW() - timedelta(days=days)
    outcome = {"outcome": "ok", "settled_at": begun} if settled else {"outcome": "open"}
    return LLMCall.objects.create(
        operation="support.name_items", request=[], started_at=begun, deadline=begun, **outcome
    )


def test_calls_of_dead_processes_are_settled_and_outdated_answers_go():
    lost, kept = call(days=1, settled=False), call(days=1)
    for key, hours in (("old", -1), ("fresh", 1)):
        expires_at = NOW() + timedelta(hours=hours)
        CachedAnswer.objects.create(key=key, answer={}, expires_at=expires_at)
    job = run("common.settle_calls")
    outcomes = dict(LLMCall.objects.values_list("pk", "outcome"))
    assert outcomes == {lost.pk: "lost", kept.pk: "ok"}
    assert [answer.key for answer in CachedAnswer.objects.all()] == ["fresh"]
    assert job.message == "Lost with their process: 1 call. Too old to be used again: 1 answer."


def test_old_model_calls_go(settings):
    settings.LLM = {**settings.LLM, "KEEP_DAYS": 30}
    call(days=31)
    kept = call(days=29)
    assert run("common.prune_calls").message == "Deleted 1 model call."
    assert LLMCall.objects.get() == kept


def test_sessions_that_are_over_go_and_others_stay(client, monkeypatch):
    monkeypatch.setattr(tasks, "ROWS", 2)
    client.force_login(make_executive())
    for number in range(5):
        ended = NOW() - timedelta(seconds=1)
        Session.objects.create(session_key=f"ended{number}", expire_date=ended)
    assert run("common.prune_requests").result == {"session": 5, "stored answer": 0}
    assert [each.session_key for each in Session.objects.all()] == [client.session.session_key]


def test_answers_to_repeated_requests_stay_for_two_days():
    user = make_executive()
    for key, hours in (("old", 49), ("fresh", 47)):
        answer = IdempotentAnswer.objects.create(user=user, key=key, fingerprint="", status=201)
        created_at = NOW() - timedelta(hours=hours)
        IdempotentAnswer.objects.filter(pk=answer.pk).update(created_at=created_at)
    assert run("common.prune_requests").message == "Deleted 1 stored answer."
    assert IdempotentAnswer.objects.get().key == "fresh"


def test_all_of_it_starts_by_the_clock():
    names = ["common.settle_calls", "common.prune_calls", "common.prune_requests"]
    assert all(registry.get(name).schedule for name in names)
