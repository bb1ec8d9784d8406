"""Input that can't be meant: each gets a 4xx that names it, none is ignored, none is a crash."""

from base64 import b64encode

import pytest

from tests.factories.accounts import make_admin, make_executive

HUGE = "9" * 5000
BEYOND = 2**63
LISTS = [
    "reports", "cycles", "cycle-reports", "phases", "assignments", "plans", "attributes", "issues",
    "documents", "scopes", "scope-items", "jobs", "users", "tokens", "audit-entries",
    "populations", "rule-sets", "rules", "profiles", "rule-results", "attribute-profiles",
    "sample-sets", "samples",
]  # fmt: skip


@pytest.fixture
def admin(api, db):
    return api(make_admin())


def refused(response, status=400):
    assert response.status_code == status, response.content
    assert response["Content-Type"].startswith("application/problem+json")
    return response.json()


def cursor(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("text", ["p=abc", f"p={HUGE}", f"p={BEYOND}", "p=-1", "p=1%00", "r=x"])
def test_a_made_up_cursor_is_404(admin, name, text):
    refused(admin.get(f"/api/v1/{name}/", {"cursor": cursor(text)}), 404)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("size", ["0", "-1", "1001", "banana", HUGE, ""])
def test_a_page_size_out_of_bounds_is_400(admin, name, size):
    body = refused(admin.get(f"/api/v1/{name}/", {"page_size": size}))
    assert body["errors"][0]["pointer"] == "/page_size"


@pytest.mark.parametrize("name", LISTS)
def test_a_misspelt_filter_is_400_rather_than_everything(admin, name):
    body = refused(admin.get(f"/api/v1/{name}/?statsu=open"))
    assert body["errors"][0]["pointer"] == "/statsu"


@pytest.mark.parametrize(
    "query",
    [
        "attributes/?is_key=banana", "attributes/?is_key=1", "scope-items/?cde=banana",
        "scope-items/?cde=0", "jobs/?mine=perhaps", "jobs/?status=lost", "reports/?is_active=x",
        "plans/?cycle_report=1.5", "plans/?cycle_report=1e400", "plans/?cycle_report=NaN",
        "attributes/?plan=-1", "audit-entries/?since=2026-02-30", "audit-entries/?cycle_report=x",
        "reports/?search=%00", "scope-items/?q=%00", "scope-items/?min_score=many",
        "issues/?status=open",
    ],
)  # fmt: skip
def test_a_filter_value_that_can_not_be_is_400(admin, query):
    refused(admin.get(f"/api/v1/{query}"))


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("pk", [BEYOND, HUGE, "0", "-1", "abc", "1.5", "%00", "١"])
def test_a_number_of_nothing_is_404(admin, name, pk):
    refused(admin.get(f"/api/v1/{name}/{pk}/"), 404)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b"[" * 40 + b"]" * 40,
        b'{"name": "a\\u0000b"}',
        b'{"a\\u0000b": 1}',
        b'{"frequency": "\\ud800"}',
        b'{"owner": 1e400}',
        b'{"owner": NaN}',
        b'{"owner": ' + HUGE.encode() + b"}",
        b'{"name": "\xff"}',
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"7",
    ],
)
def test_a_body_that_can_not_be_kept_is_400(admin, body):
    refused(admin.post("/api/v1/reports/", body, content_type="application/json"))


@pytest.mark.parametrize("owner", [BEYOND, -1, 1.5, "x", [], {}, True, None, "\u0661" * 3])
def test_a_reference_to_nobody_is_400(admin, owner):
    data = {"number": "N", "name": "N", "owner": owner}
    refused(admin.post("/api/v1/reports/", data, format="json"))


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json; charset=bz2", 400),
        ("application/json; charset=utf-7x", 201),
        ("multipart/form-data", 415),
        ("application/x-www-form-urlencoded", 415),
        ("garbage", 415),
    ],
)
def test_the_media_type_decides_how_a_body_is_read(api, db, kind, status):
    body = b'{"name": "Q", "starts_on": "2026-07-01", "ends_on": "2026-09-30"}'
    response = api(make_executive()).post("/api/v1/cycles/", body, content_type=kind)
    assert response.status_code == status, response.content


@pytest.mark.parametrize("first", ["0001-01-01", "9999-12-31"])
def test_the_first_and_last_days_of_the_calendar_are_answered(api, db, first):
    data = {"name": "Q", "starts_on": first, "ends_on": "9999-12-31"}
    response = api(make_executive()).post("/api/v1/cycles/", data, format="json")
    assert response.status_code in {201, 422}, response.content


def test_an_answer_nobody_can_make_is_406(admin):
    refused(admin.get("/api/v1/me/", headers={"Accept": "image/png"}), 406)


@pytest.mark.parametrize("token", ["", "syn_", "syn_.", "syn_\x00.\x00", "ü", "x" * 10_000])
def test_a_token_of_any_text_is_401(client, db, token):
    refused(client.get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"}), 401)
