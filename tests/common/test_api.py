"""One error shape, preconditions, repeats and cursor pages, shown on the spine's endpoints."""

import threading

import pytest
from django.db import connection
from django.test import Client, override_settings

from synapse.common.models import IdempotentAnswer
from synapse.cycles.models import Report, TestCycle
from tests.factories.accounts import make_admin, make_executive, make_owner, make_tester
from tests.factories.cycles import make_report

CYCLE = {"name": "Q3", "starts_on": "2026-07-01", "ends_on": "2026-09-30"}


def check_problem(response, status, code):
    assert response.status_code == status, response.content
    assert response["Content-Type"].startswith("application/problem+json")
    body = response.json()
    assert body["status"] == status
    assert body["code"] == code, body
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == response["X-Request-ID"]
    return body


def test_no_login_is_401(api, db):
    response = api().get("/api/v1/reports/")
    check_problem(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_token_is_401(api, db):
    client = api()
    client.credentials(HTTP_AUTHORIZATION="Bearer syn_nope.nope")
    check_problem(client.get("/api/v1/reports/"), 401, "authentication_failed")


def test_an_unknown_address_is_404(api, db):
    check_problem(api().get("/api/v1/nothing/"), 404, "not_found")


def test_an_unknown_object_is_404(api, db):
    check_problem(api(make_admin()).get("/api/v1/reports/99/"), 404, "not_found")


def test_an_unknown_method_is_405(api, db):
    check_problem(api(make_admin()).delete("/api/v1/reports/"), 405, "method_not_allowed")


def test_a_foreign_media_type_is_415(api, db):
    response = api(make_admin()).post("/api/v1/reports/", "<a/>", content_type="text/xml")
    check_problem(response, 415, "unsupported_media_type")


def test_broken_json_is_400(api, db):
    client = api(make_admin())
    response = client.post("/api/v1/reports/", "{", content_type="application/json")
    check_problem(response, 400, "parse_error")


def test_wrong_fields_are_named_by_pointers(api, db):
    response = api(make_admin()).post("/api/v1/reports/", {"number": "x"}, format="json")
    body = check_problem(response, 400, "invalid")
    assert {error["pointer"] for error in body["errors"]} == {"/name", "/owner"}
    assert {error["code"] for error in body["errors"]} == {"required"}


def test_a_domain_error_keeps_code_status_and_rows(api, db):
    make_report(number="A")
    data = {"number": "A", "name": "again", "owner": make_owner().pk}
    response = api(make_admin()).post("/api/v1/reports/", data, format="json")
    body = check_problem(response, 422, "invalid")
    assert body["errors"][0]["pointer"] == "/number"


def test_a_session_without_csrf_is_refused(db):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_admin())
    response = client.post("/api/v1/reports/", {}, content_type="application/json")
    body = check_problem(response, 403, "permission_denied")
    assert "CSRF" in body["detail"]


def test_an_unexpected_error_tells_its_request_and_nothing_else(api, db, monkeypatch):
    def broken(self, queryset):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("synapse.cycles.api.ReportViewSet.visible", broken)
    client = api(make_admin())
    client.raise_request_exception = False
    response = client.get("/api/v1/reports/", headers={"X-Request-ID": "trace-12345"})
    body = check_problem(response, 500, "server_error")
    assert body["request_id"] == "trace-12345"
    assert "secret" not in response.content.decode()


@override_settings(UPLOAD_MAX_MB=0)
def test_a_request_over_the_limit_is_413(api, db):
    response = api(make_admin()).post("/api/v1/reports/", {"number": "x" * 50}, format="json")
    check_problem(response, 413, "upload_too_large")


@override_settings(UPLOAD_MAX_MB=0)
def test_a_form_over_the_limit_leads_back_with_a_message(client, db):
    client.force_login(make_admin())
    response = client.post(
        "/reports/new/", {"number": "x" * 50}, headers={"Referer": "http://testserver/reports/new/"}
    )
    assert response["Location"] == "/reports/new/"
    with override_settings(UPLOAD_MAX_MB=1):
        assert "the limit is 0 MB" in client.get("/reports/new/").content.decode()


def test_change_needs_if_match_and_refuses_stale_tags(api, db):
    report = make_report()
    client = api(make_admin())
    url = f"/api/v1/reports/{report.pk}/"
    read = client.get(url)
    assert read["ETag"] == '"1"'
    check_problem(client.patch(url, {"name": "b"}, format="json"), 428, "precondition_required")
    first = client.patch(url, {"name": "b"}, format="json", headers={"If-Match": read["ETag"]})
    assert (first.status_code, first["ETag"], first.json()["name"]) == (200, '"2"', "b")
    second = client.patch(url, {"name": "c"}, format="json", headers={"If-Match": read["ETag"]})
    check_problem(second, 412, "stale")
    assert Report.objects.get().name == "b"
    third = client.patch(url, {"name": "c"}, format="json", headers={"If-Match": 'W/"2"'})
    assert third.status_code == 200


def test_a_repeat_with_its_key_takes_effect_once(api, db):
    client = api(make_executive())
    key = {"Idempotency-Key": "k-1"}
    first = client.post("/api/v1/cycles/", CYCLE, format="json", headers=key)
    again = client.post("/api/v1/cycles/", CYCLE, format="json", headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert again["Idempotency-Replayed"] == "true"
    assert TestCycle.objects.count() == 1


def test_a_key_of_another_request_is_422(api, db):
    client = api(make_executive())
    key = {"Idempotency-Key": "k-1"}
    client.post("/api/v1/cycles/", CYCLE, format="json", headers=key)
    other = client.post("/api/v1/cycles/", CYCLE | {"name": "Q4"}, format="json", headers=key)
    check_problem(other, 422, "idempotency_key_reused")


def test_keys_belong_to_their_user(api, db):
    key = {"Idempotency-Key": "k-1"}
    for name in ("Q3", "Q4"):
        response = api(make_executive()).post(
            "/api/v1/cycles/", CYCLE | {"name": name}, format="json", headers=key
        )
        assert response.status_code == 201


def test_a_refused_request_may_be_sent_again_with_its_key(api, db):
    executive = make_executive()
    client = api(executive)
    key = {"Idempotency-Key": "k-1"}
    bad = CYCLE | {"ends_on": "2026-01-01"}
    response = client.post("/api/v1/cycles/", bad, format="json", headers=key)
    check_problem(response, 422, "invalid")
    assert not IdempotentAnswer.objects.exists()
    response = client.post("/api/v1/cycles/", CYCLE, format="json", headers=key)
    assert response.status_code == 201


@pytest.mark.django_db(transaction=True)
def test_of_two_equal_requests_at_once_one_takes_effect(api, monkeypatch):
    executive = make_executive()
    running, go_on = threading.Event(), threading.Event()
    import synapse.cycles.api as module

    create = module.create_cycle

    def slow(**values):
        running.set()
        go_on.wait(60)
        return create(**values)

    monkeypatch.setattr(module, "create_cycle", slow)
    answers = []
    key = {"Idempotency-Key": "k-1"}

    def send():
        answers.append(client.post("/api/v1/cycles/", CYCLE, format="json", headers=key))
        connection.close()

    client = api(executive)
    thread = threading.Thread(target=send)
    thread.start()
    assert running.wait(60)
    check_problem(
        api(executive).post("/api/v1/cycles/", CYCLE, format="json", headers=key),
        409,
        "idempotency_key_in_use",
    )
    go_on.set()
    thread.join(60)
    assert answers[0].status_code == 201
    assert TestCycle.objects.count() == 1


def test_cursor_pages_walk_everything_once(api, db):
    for _ in range(7):
        make_report()
    client, seen = api(make_admin()), []
    url = "/api/v1/reports/?page_size=3"
    while url:
        body = client.get(url).json()
        seen += [row["id"] for row in body["results"]]
        url = body["next"]
    assert len(seen) == 7
    assert seen == sorted(seen, reverse=True)


def test_a_broken_cursor_is_a_problem(api, db):
    check_problem(api(make_tester()).get("/api/v1/reports/?cursor=zzz"), 404, "not_found")


def test_an_unknown_filter_value_is_400(api, db):
    response = api(make_tester()).get("/api/v1/cycles/?status=lost")
    assert check_problem(response, 400, "invalid")["errors"][0]["pointer"] == "/status"
