"""What calls cost: by day, operation, report, user or provider, in a period, for who may see."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from llm import budgets, costs
from llm.models import Budget, LLMCall
from tests.factories.accounts import make_admin, make_tester
from tests.factories.cycles import make_report
from tests.factories.llm import make_call, make_calls
from tests.llm.statistics import pretend_many_calls

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_model_calls")]
PAGE, EXPORT = reverse("llm:cost_report"), reverse("llm:cost_export")


@pytest.fixture
def admin():
    return make_admin("ada")


@pytest.fixture
def client(admin):
    return client_of(admin)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def lines(client, query: str = "") -> dict[str, costs.Line]:
    response = client.get(PAGE + query)
    assert response.status_code == 200
    return {line.label: line for line, _ in response.context["lines"]}


def test_the_shares_are_of_what_was_asked(client):
    make_call(cost="1", latency_ms=1000, tokens_in=10, tokens_out=1)
    make_call(cost="2", latency_ms=3000, tokens_in=20, tokens_out=2, outcome="invalid")
    make_call(cached=True, cost=0, latency_ms=0, tokens_in=0, tokens_out=0)
    make_call(outcome="open")
    line = lines(client, "?by=operation")["support.name_items"]
    assert (line.calls, line.cached, line.failed) == (3, 1, 1)
    assert (line.cached_share, line.failed_share) == (1 / 4, 1 / 3)
    assert (line.cost, line.tokens_in, line.tokens_out) == (Decimal(3), 30, 3)
    assert line.latency_ms == 2000  # of those that have one, the cached apart


def test_each_group_has_its_own_names(client, admin):
    report = make_report(name="Loans", number="L-1")
    make_call(data_owner=f"report:{report.pk}", owner_id=admin.pk, cost=3)
    make_call(provider="elsewhere:1", operation="scoping.judge", cost=1)
    assert [*lines(client, "?by=operation")] == ["support.name_items", "scoping.judge"]
    assert [*lines(client, "?by=report")] == ["L-1 Loans", "no report"]
    assert [*lines(client, "?by=user")] == [str(admin), "the system"]
    assert [*lines(client, "?by=provider")] == ["models.example:443", "elsewhere:1"]
    assert [*lines(client)] == [timezone.localdate().isoformat()]


def test_each_line_leads_to_its_calls(client, admin):
    report = make_report()
    made = make_call(data_owner=f"report:{report.pk}", owner_id=admin.pk)
    make_call(age=timedelta(days=2), operation="scoping.judge", provider="elsewhere:1")
    for by in costs.GROUPS:
        rows = client.get(f"{PAGE}?by={by}").context["lines"]
        found = [client.get(url).context["page_obj"] for _, url in rows if url]
        assert [made.pk] in [[call.pk for call in page] for page in found], by


def test_a_period_has_both_its_days_and_no_other(client):
    today = timezone.localdate()
    for days in (0, 1, 2, 40):
        make_call(age=timedelta(days=days))
    first, last = today - timedelta(days=2), today - timedelta(days=1)
    found = lines(client, f"?by=day&started_from={first}&started_to={last}")
    assert [*found] == [last.isoformat(), first.isoformat()]
    assert sum(line.calls for line in lines(client).values()) == 3


@pytest.mark.parametrize(
    "query",
    ["by=colour", "started_from=soon", "started_from=2020-01-01&started_to=2026-01-01",
     "started_from=2026-02-02&started_to=2026-02-01", "started_to=9999-12-31"],
)  # fmt: skip
def test_a_period_that_cant_be_read_is_said_and_not_exported(client, query):
    make_call()
    page = client.get(f"{PAGE}?{query}")
    assert page.status_code == 200
    assert "Passed over" in page.content.decode()
    assert client.get(f"{EXPORT}?{query}").status_code == 400


def test_many_rows_take_no_more_queries_than_few(client):
    counts = []
    for count in (10, 990):
        make_calls(count, operation=f"made.{count}")
        with CaptureQueriesContext(connection) as queries:
            lines(client, "?by=operation")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_one_sees_what_one_may_see(client):
    tess, sam = make_tester("tess"), make_tester("sam")
    make_call(owner_id=tess.pk)
    assert len(lines(client_of(tess))) == 1
    assert lines(client_of(sam)) == {}
    assert "No model calls in this period" in client_of(sam).get(PAGE).content.decode()
    assert Client().get(PAGE).status_code == 302


def test_budgets_of_today_stand_beside(client, admin, settings):
    settings.LLM = {"BUDGET_USER_DAY": 1000, "BUDGET_DAY": 5000}
    Budget.objects.create(
        name=f"user:{admin.pk}:{budgets.today()}", spent=700, reserved=250, ceiling=1000,
        changed_at=timezone.now(),
    )  # fmt: skip
    page = client.get(PAGE).content.decode()
    assert "of 1,000 tokens: Your day, 95 % used" in page
    assert "of 5,000 tokens: Everybody&#x27;s day, 0 % used" in page
    other = client_of(make_tester("tess")).get(PAGE).content.decode()
    assert "Your day, 0 % used" in other and "Everybody" not in other


def test_the_export_says_the_same_and_runs_no_formula(client):
    make_call(operation="=1+1", cost="1.5")
    response = client.get(f"{EXPORT}?by=operation")
    rows = list(csv.DictReader(io.StringIO(response.content.decode().removeprefix("\ufeff"))))
    assert [(row["operation"], row["calls"], row["cost"]) for row in rows] == [
        ("'=1+1", "1", "1.500000")
    ]


def test_a_period_is_added_up_without_reading_the_texts():
    """From the index alone, once the table is vacuumed: the planner is asked, not the clock."""
    pretend_many_calls()
    today = timezone.localdate()
    fitting = LLMCall.objects.filter(costs.in_days(today, today)).order_by()
    plans = {by: costs.added_up(fitting, by).explain() for by in costs.GROUPS}
    assert {by for by, plan in plans.items() if "Index Only Scan using llm_call_cost" in plan} == {
        *costs.GROUPS
    }
