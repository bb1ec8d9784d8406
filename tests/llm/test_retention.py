"""Calls settled long ago go by one function; everything else the trail keeps."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from llm import conf, retention
from llm.models import LLMCall

pytestmark = pytest.mark.django_db


def call(days: float | None) -> LLMCall:
    """One that was settled so many days ago; None for one that is open."""
    settled_at = None if days is None else timezone.now() - timedelta(days=days)
    begun = settled_at or timezone.now() - timedelta(days=4_000)
    return LLMCall.objects.create(
        operation="support.name_items",
        request=[],
        outcome="open" if days is None else "ok",
        started_at=begun,
        deadline=begun,
        settled_at=settled_at,
    )


@pytest.fixture
def keep(settings):
    def keep(days: int) -> None:
        settings.LLM = {**settings.LLM, "KEEP_DAYS": days}

    return keep


def test_calls_settled_long_ago_go_and_others_stay(keep):
    keep(30)
    call(31)
    kept = [call(29), call(0), call(None)]
    assert retention.prune_calls() == 1
    assert set(LLMCall.objects.all()) == set(kept)
    assert retention.prune_calls() == 0


def test_they_go_in_small_transactions(keep, monkeypatch):
    keep(30)
    monkeypatch.setattr(retention, "CALLS", 2)
    for _ in range(5):
        call(31)
    assert [retention.prune_calls() for _ in range(4)] == [2, 2, 1, 0]


def test_zero_days_keep_calls_for_ever(keep):
    keep(0)
    call(100_000)
    assert retention.prune_calls() == 0
    assert LLMCall.objects.count() == 1


def test_by_default_calls_are_kept_for_seven_years():
    assert conf.Conf().keep_days == 2555


@pytest.mark.parametrize("days", [0, -1])
def test_a_call_of_the_last_day_stays_whatever_the_function_is_told(days):
    call(0.5)
    refused = pytest.raises(IntegrityError, match="are kept")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT llm_prune_calls(%s, 10)", [days])
    assert LLMCall.objects.count() == 1


def test_after_pruning_the_same_transaction_can_delete_no_call(keep):
    keep(30)
    call(31)
    with transaction.atomic():
        assert retention.prune_calls() == 1
        call(40)
        with pytest.raises(IntegrityError, match="are kept"), transaction.atomic():
            LLMCall.objects.all().delete()
    assert LLMCall.objects.count() == 1
