"""Model calls over REST: lists and filters, one call, what they cost, and whom it is refused."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories.accounts import make_admin, make_tester
from tests.factories.llm import make_call, make_calls
from tests.factories.scoping import make_scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_model_calls")]
LIST, COSTS = reverse("api:modelcall-list"), reverse("api:modelcall-costs")


@pytest.fixture
def admin(api):
    return api(make_admin("ada"))


def days(**more) -> dict:
    today = timezone.localdate()
    return {"started_from": str(today - timedelta(days=6)), "started_to": str(today)} | more


def test_the_list_has_no_texts_and_follows_the_filters(admin):
    call = make_call(outcome="invalid", problems=["items: missing"], item_key="a")
    make_call(cached=True)
    rows = admin.get(LIST, {"outcome": "invalid", "cached": "false"}).json()["results"]
    assert [row["id"] for row in rows] == [call.pk]
    assert (rows[0]["validation"], rows[0]["problems"]) == ("invalid", ["items: missing"])
    assert not {"request", "response"} & set(rows[0])
    assert [row["id"] for row in admin.get(LIST, {"search": "a"}).json()["results"]] == [call.pk]


def test_a_call_is_found_by_its_public_id_and_by_what_was_masked(admin):
    call = make_call(masked=True, queue_ms=40)
    make_call(masked=False)
    make_call()
    for query in ({"uuid": str(call.uuid)}, {"search": str(call.uuid)}, {"masked": "true"}):
        rows = admin.get(LIST, query).json()["results"]
        assert [row["uuid"] for row in rows] == [str(call.uuid)], query
        assert (rows[0]["masked"], rows[0]["queue_ms"], rows[0]["timeout"]) == (True, 40, 90)
    assert len(admin.get(LIST, {"masked": "false"}).json()["results"]) == 1
    assert admin.get(LIST, {"uuid": "7"}).status_code == 400


@pytest.mark.parametrize(
    "query", [{"outcome": "odd"}, {"colour": "red"}, {"job": "x"}, {"cached": "perhaps"}]
)
def test_a_filter_that_means_nothing_is_refused(admin, query):
    assert admin.get(LIST, query).status_code == 400


def test_one_call_names_what_came_of_it(api):
    scope = make_scope()
    item = scope.scope_items.last()
    call = make_call(data_owner=f"report:{scope.cycle_report.report_id}")
    scope.scope_items.filter(pk=item.pk).update(llm_call_id=call.pk)
    client = api(scope.cycle_report.tester)
    shown = client.get(reverse("api:modelcall-detail", args=[call.pk])).json()
    assert [result["name"] for result in shown["results"]] == [item.attribute.name]
    stranger = api(make_tester("sam"))
    assert stranger.get(reverse("api:modelcall-detail", args=[call.pk])).status_code == 404
    assert stranger.get(LIST).json()["results"] == []
    assert stranger.get(COSTS, days()).json()["total"]["calls"] == 0


def test_nothing_is_changed_over_rest(admin):
    call = make_call()
    for method in ("post", "put", "patch", "delete"):
        for address in (LIST, COSTS, reverse("api:modelcall-detail", args=[call.pk])):
            assert getattr(admin, method)(address).status_code == 405


def test_costs_are_added_up(admin):
    make_call(cost="1.5")
    make_call(cost="0.5", operation="scoping.judge", outcome="timeout")
    report = admin.get(COSTS, days(by="operation")).json()
    assert [line["label"] for line in report["lines"]] == ["support.name_items", "scoping.judge"]
    assert report["total"]["cost"] == "2.000000"
    assert (report["total"]["failed"], report["total"]["failed_share"]) == (1, 0.5)
    assert report["total"]["value"] is None


@pytest.mark.parametrize(
    "query",
    [{}, {"by": "colour"}, {"started_from": "2020-01-01"}, {"hour": "3"},
     {"started_from": "2026-02-02", "started_to": "2026-02-01"}],
)  # fmt: skip
def test_a_period_that_cant_be_read_or_is_too_long_is_refused(admin, query):
    asked = days() | query if query else {}
    assert admin.get(COSTS, asked).status_code == 400


def test_many_rows_take_no_more_queries_than_few(admin):
    counts = []
    for count in (10, 990):
        make_calls(count)
        admin.get(LIST)  # notes that the token was used
        with CaptureQueriesContext(connection) as queries:
            admin.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
