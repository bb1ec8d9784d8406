"""The trail: what it keeps, and that it keeps it."""

import pytest
from asgiref.sync import sync_to_async
from django.db import IntegrityError, connection, transaction

from synapse.accounts.services.users import update_user
from synapse.audit.models import Entry
from synapse.audit.services import record
from tests.factories.accounts import make_admin, make_tester, make_user


@pytest.fixture
def entry(db):
    person = make_tester("tess")
    return record(actor=person, action="x.y", obj=person, after={"a": 1}, reason="why")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET reason = ''",
        "UPDATE audit_entry SET actor_id = NULL WHERE false",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
    ],
)
def test_the_database_refuses_to_alter_the_trail(entry, sql):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(sql)
    assert Entry.objects.get().reason == "why"


def test_the_orm_is_refused_too(entry):
    entry.reason = "other"
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.delete()


def test_an_entry_keeps_who_in_which_role(entry):
    assert (entry.actor_label, entry.actor_roles) == ("Tess", "tester")


def test_a_change_that_rolls_back_leaves_no_trace(db):
    person = make_user()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        update_user(user=person, actor=make_admin(), first_name="x")
        raise ZeroDivisionError
    assert not Entry.objects.exists()


def test_an_entry_carries_request_and_address(api, db):
    client = api(make_admin())
    person = make_user()
    client.put(
        f"/api/v1/users/{person.pk}/roles/",
        {"roles": ["tester"]},
        format="json",
        headers={"X-Request-ID": "trace-12345"},
    )
    entry = Entry.objects.get(action="user.grant_role")
    assert (entry.request_id, entry.ip) == ("trace-12345", "127.0.0.1")


def test_the_system_can_act(db):
    person = make_user()
    assert record(actor=None, action="x.y", obj=person).actor_label == "system"


def test_filters_over_rest_and_in_the_page(api, client, entry):
    admin = make_admin()
    rows = api(admin).get("/api/v1/audit-entries/?action=x.&actor=TESS").json()["results"]
    assert [row["id"] for row in rows] == [entry.pk]
    assert rows[0]["object_type"] == "user"
    one = api(admin).get(f"/api/v1/audit-entries/{entry.pk}/")
    assert one.json()["after"] == {"a": 1}
    client.force_login(admin)
    assert "x.y" in client.get("/audit/?action=x.").content.decode()
    assert "No entry matches" in client.get("/audit/?action=nothing").content.decode()


def test_the_page_is_for_administrators(client, db):
    client.force_login(make_tester())
    assert client.get("/audit/").status_code == 403


def test_the_page_costs_the_same_for_many(client, entry, django_assert_max_num_queries):
    client.force_login(make_admin())
    for _ in range(60):
        record(actor=entry.actor, action="x.y", obj=entry.actor)
    with django_assert_max_num_queries(6):
        client.get("/audit/")


def test_the_admin_only_shows(client, entry):
    client.force_login(make_admin())
    assert client.get("/admin/audit/entry/").status_code == 200
    url = f"/admin/audit/entry/{entry.pk}/"
    assert client.get(f"{url}change/").status_code == 200
    assert client.post(f"{url}change/", {"reason": "x"}).status_code == 403
    assert client.post(f"{url}delete/").status_code == 403
    assert client.get("/admin/audit/entry/add/").status_code == 403


@pytest.mark.django_db(transaction=True)
async def test_the_request_is_known_under_asgi_too(async_client):
    admin = await sync_to_async(make_admin)()
    person = await sync_to_async(make_user)()
    await async_client.aforce_login(admin)
    await async_client.post(
        f"/accounts/users/{person.pk}/roles/",
        {"roles": ["tester"], "expected": person.lock_version},
        headers={"X-Request-ID": "trace-12345"},
    )
    entry = await Entry.objects.aget(action="user.grant_role")
    assert entry.request_id == "trace-12345"
