"""A host whose clock is an hour wrong: what workers share goes by the database's time."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.db.models.functions import Now

from llm import budgets, cache, calls, errors
from llm.conf import Conf, current
from llm.failures import MOST_SPREAD, retry_after, seconds_until
from llm.models import Budget, CachedAnswer, Circuit, LLMCall, Reservation
from llm.request import Links
from tests.llm.asking import ask, ask_all

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("hours", [-1, 1], ids=["behind", "ahead"]),
]


@pytest.fixture
def wrong_clock(simulator, hours):
    """This process's clock, wrong by `hours`; PostgreSQL's and the simulator's are right."""
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True):
        yield simulator


def seconds_ahead(rows, field: str) -> float:
    row = rows.annotate(now=Now()).get()
    return (getattr(row, field) - row.now).total_seconds()


def test_a_circuit_is_open_for_a_minute(wrong_clock):
    wrong_clock.script("server_error", times=5)
    ask_all(*((f"field_{number}",) for number in range(5)))
    assert 50 < seconds_ahead(Circuit.objects, "open_until") <= 60
    with pytest.raises(errors.CircuitOpen) as refused:
        ask("later")
    assert 40 < seconds_until(refused.value.retry_at) <= 60 + MOST_SPREAD
    Circuit.objects.update(open_until=Now() - timedelta(seconds=1))
    assert ask("probe").parsed.items
    assert Circuit.objects.get().open_until is None


def test_a_failed_probe_opens_it_for_another_minute(wrong_clock):
    wrong_clock.script("server_error", times=6)
    ask_all(*((f"field_{number}",) for number in range(5)))
    Circuit.objects.update(open_until=Now() - timedelta(seconds=1))
    with pytest.raises(errors.ProviderFailed):
        ask("probe")
    assert 50 < seconds_ahead(Circuit.objects, "open_until") <= 60


def test_retry_after_holds_for_as_long_as_it_says(wrong_clock):
    wrong_clock.script("rate_limit", retry_after=30)
    with pytest.raises(errors.RateLimited) as limited:
        ask("one")
    assert 25 < seconds_until(limited.value.retry_at) <= 30 + MOST_SPREAD
    assert 25 < seconds_ahead(Circuit.objects, "held_until") <= 30 + MOST_SPREAD


def test_a_date_to_come_back_at_is_measured_by_the_providers_own_clock(hours):
    told = {"date": "Wed, 21 Oct 2015 07:28:00 GMT", "retry-after": "Wed, 21 Oct 2015 07:28:40 GMT"}
    assert retry_after(told) == 40


def test_an_answer_is_kept_for_an_hour_and_found(wrong_clock):
    ask("one")
    assert 3500 < seconds_ahead(CachedAnswer.objects, "expires_at") <= 3600
    assert ask("one").cached
    assert cache.purge() == 0
    CachedAnswer.objects.update(expires_at=Now() - timedelta(seconds=1))
    assert not ask("one").cached


def test_a_lease_lasts_as_long_as_its_call_and_ends_with_it(wrong_clock):
    conf = current()
    lease = cache.claim("key", conf)
    cache.renew(lease, conf)
    assert 40 < seconds_ahead(CachedAnswer.objects, "lease_until") <= conf.timeout + 15
    assert cache.claim("key", conf) is None
    cache.release(lease)
    assert seconds_ahead(CachedAnswer.objects, "lease_until") <= 0
    assert cache.claim("key", conf) is not None


def test_a_calls_row_has_the_databases_times_and_is_not_lost_while_open(wrong_clock):
    started = ask("one").call
    cached = ask("one").call
    for call in (started, cached):
        assert abs((call.settled_at - database_now()).total_seconds()) < 60
        assert call.started_at <= call.settled_at
    LLMCall.objects.create(
        operation="a.b", request=[], model_asked="m", started_at=Now(), deadline=Now()
    )
    assert calls.settle_lost() == 0
    assert ask("two").call.deadline > database_now()


def test_budgets_are_of_the_databases_day_and_reservations_lapse_by_its_clock(
    wrong_clock, settings
):
    settings.LLM = wrong_clock.settings | {"BUDGET_DAY": 10_000}
    assert budgets.today() == database_now().astimezone(UTC).date().isoformat()
    wrong_clock.follow("hang")
    settings.LLM = settings.LLM | {"TIMEOUT": 0.5}
    with pytest.raises(errors.Timeout):
        ask("one")
    budgets.reserve(Links(), 10, Conf(budget_day=10_000, timeout=30))
    assert 80 < seconds_ahead(Reservation.objects, "lapses_at") <= 90
    assert budgets.sweep() == 0
    assert Budget.objects.get().reserved == 10


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]
