"""The pages of model calls: who sees which, filters in the address, no growth of queries."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from llm import listing
from llm.models import LLMCall
from llm.views import calls as views
from tests.factories.accounts import make_admin, make_tester
from tests.factories.jobs import make_job
from tests.factories.llm import make_call, make_calls
from tests.factories.scoping import make_scope
from tests.llm.statistics import pretend_many_calls

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_model_calls")]
LIST, EXPORT = reverse("llm:call_list"), reverse("llm:call_export")


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admin():
    return make_admin("ada")


@pytest.fixture
def client(admin):
    return client_of(admin)


def listed(client, query: str = "") -> list[int]:
    response = client.get(LIST + query)
    assert response.status_code == 200
    return [call.pk for call in response.context["page_obj"]]


def test_an_empty_list_says_what_comes_here(client):
    assert "No model calls yet" in client.get(LIST).content.decode()
    filtered = client.get(f"{LIST}?outcome=ok").content.decode()
    assert "No call fits these filters" in filtered


def test_each_filter_finds_its_own(client, admin):
    job = make_job(admin)
    plain = make_call()
    for query, fields in {
        "operation=scoping.judge": {"operation": "scoping.judge"},
        "outcome=invalid": {"outcome": "invalid"},
        "outcome=unanswered": {"outcome": "timeout"},
        "provider=elsewhere": {"provider": "elsewhere"},
        "model=large": {"model_asked": "large", "model_returned": "large-7"},
        "model=large-8": {"model_asked": "small", "model_returned": "large-8"},
        f"job={job.pk}": {"job_id": job.pk},
        "user=ada": {"owner_id": admin.pk},
        "prompt=9": {"prompt_version": "9"},
        "cached=yes": {"cached": True},
        "simulated=yes": {"simulated": True},
        "masked=yes": {"masked": True},
        "search=batch-7": {"item_key": "batch-7"},
        "search=out of paper": {"error": "The printer is out of paper."},
        "started_to=2020-01-31": {"age": timezone.now() - timezone.datetime(
            2020, 1, 31, 12, tzinfo=timezone.get_current_timezone())},
    }.items():  # fmt: skip
        call = make_call(**fields)
        found = listed(client, f"?{query}")
        assert call.pk in found and plain.pk not in found, query
    assert plain.pk in listed(client, f"?search=%23{plain.pk}")
    assert listed(client, f"?search={plain.uuid}") == [plain.pk]
    assert plain.pk in listed(client, "?cached=no&simulated=no")
    today = timezone.localdate()
    assert plain.pk in listed(client, f"?started_from={today}&started_to={today}")
    assert plain.pk not in listed(client, f"?started_from={today + timedelta(days=1)}")


def test_data_owners_are_found_by_the_report(client):
    scope = make_scope()
    report = scope.cycle_report.report
    call = make_call(data_owner=f"report:{report.pk}")
    make_call()
    page = client.get(f"{LIST}?data_owner=report:{report.pk}")
    assert [each.pk for each in page.context["page_obj"]] == [call.pk]
    assert report.name in page.content.decode()


def test_a_filter_that_cant_be_read_is_passed_over_and_said(client):
    call = make_call()
    response = client.get(f"{LIST}?job=none&started_from=soon")
    assert [each.pk for each in response.context["page_obj"]] == [call.pk]
    assert "Passed over" in response.content.decode()
    assert client.get(f"{EXPORT}?job=none").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "search=%00",
        "operation=%00",
        "page=0",
        "page=x",
        "sort=no",
        "user=%F0",
        "job=99999999999999999999",
        "started_to=9999-12-31",
    ],
)
def test_odd_addresses_are_answered(client, query):
    make_call()
    assert client.get(f"{LIST}?{query}").status_code == 200


def test_the_dearest_and_the_slowest_can_come_first(client):
    cheap = make_call(cost="0.1", latency_ms=900)
    dear = make_call(cost="2.5", latency_ms=100)
    unknown = make_call(outcome="open")
    assert listed(client) == [unknown.pk, dear.pk, cheap.pk]
    assert listed(client, "?sort=number") == [cheap.pk, dear.pk, unknown.pk]
    assert listed(client, "?sort=-cost") == [dear.pk, cheap.pk, unknown.pk]
    assert listed(client, "?sort=cost") == [unknown.pk, cheap.pk, dear.pk]
    assert listed(client, "?sort=-latency") == [cheap.pk, dear.pk, unknown.pk]


def test_the_figures_lead_to_their_rows(client):
    make_call(outcome="timeout")
    make_call(cached=True)
    make_call(age=timedelta(days=3))
    facts = {fact["label"]: fact for fact in client.get(LIST).context["facts"]}
    assert facts["calls today"]["value"] == 2
    for label in ("without a valid answer", "from the cache"):
        assert facts[label]["value"] == 1
        assert len(client.get(facts[label]["url"]).context["page_obj"]) == 1


@pytest.mark.parametrize("who", ["staff", "tester"])
def test_many_rows_take_no_more_queries_than_few(who, admin):
    scope = make_scope()
    user = admin if who == "staff" else scope.cycle_report.tester
    client, counts = client_of(user), []
    for count in (10, 990):
        make_calls(count, owner_id=user.pk, data_owner=f"report:{scope.cycle_report.report_id}")
        listed(client)  # what a process remembers is remembered
        with CaptureQueriesContext(connection) as queries:
            assert len(listed(client)) == min(count, 50)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


def test_leafing_ends_at_a_bound(client, monkeypatch):
    monkeypatch.setattr(views, "MOST", 60)
    make_calls(70)
    page = client.get(f"{LIST}?page=9")
    assert page.context["page_obj"].number == 2
    assert len(page.context["page_obj"]) == 10
    assert "narrow the filter" in page.content.decode()


def test_htmx_gets_the_part_alone(client):
    make_call()
    part = client.get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "call-row-" in part


def test_a_change_behind_a_name_is_marked(client):
    make_call(model_returned="small-1")
    make_call(model_returned="small-2")
    make_call(model_asked="large", model_returned="large-1")
    assert client.get(LIST).content.decode().count(">changed<") == 1


def test_strangers_see_an_empty_list_and_each_their_own(client):
    tess, sam = make_tester("tess"), make_tester("sam")
    mine = make_call(owner_id=tess.pk)
    assert listed(client_of(tess)) == [mine.pk]
    assert listed(client_of(sam)) == []
    assert Client().get(LIST).status_code == 302
    exported = client_of(sam).get(EXPORT).content.decode()
    assert str(mine.operation) not in exported


def test_the_export_follows_the_filters_and_runs_no_formula(client, admin):
    call = make_call(item_key="=HYPERLINK(1)", outcome="invalid", owner_id=admin.pk, masked=True,
                     problems=["items: missing"], error="-1+1", queue_ms=40)  # fmt: skip
    make_call()
    response = client.get(f"{EXPORT}?outcome=invalid")
    rows = list(csv.DictReader(io.StringIO(response.content.decode().removeprefix("\ufeff"))))
    assert [(row["item_key"], row["error"]) for row in rows] == [("'=HYPERLINK(1)", "'-1+1")]
    assert (rows[0]["validation"], rows[0]["asked_for"]) == ("invalid", str(admin))
    assert (rows[0]["uuid"], rows[0]["masked"]) == (str(call.uuid), "True")
    assert (rows[0]["queue_ms"], rows[0]["timeout"]) == ("40", "90.0")
    assert "request" not in rows[0] and "response" not in rows[0]


@pytest.mark.parametrize("sort", listing.ORDERS)
def test_each_order_is_an_indexs(sort):
    """The first rows are read without sorting all others."""
    pretend_many_calls("sort")
    plan = listing.listed_calls(LLMCall.objects.all(), sort=sort)[:50].explain()
    assert "Sort" not in plan and "Index Scan" in plan


@pytest.mark.parametrize("outcome", [listing.FAILED, "lost", "rate_limited"])
def test_failures_are_found_by_their_index(outcome):
    pretend_many_calls()
    plan = listing.listed_calls(LLMCall.objects.all(), outcome=outcome)[:50].explain()
    assert "llm_call_unanswered" in plan


def test_masked_calls_are_found_by_their_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = listing.listed_calls(LLMCall.objects.all(), masked=True)[:50].explain()
    assert "llm_call_masked" in plan
