"""People: created, changed, shut out and let in again."""

import pytest
from django.urls import reverse

from synapse.accounts.errors import OwnRoles
from synapse.accounts.models import User
from synapse.accounts.roles import Role
from synapse.accounts.services.users import (
    activate_user,
    create_user,
    deactivate_user,
    set_password,
    update_user,
)
from synapse.audit.models import Entry
from synapse.common.errors import Invalid, NotAllowed, Stale
from tests.factories.accounts import PASSWORD, make_admin, make_tester, make_user

NEW = {"username": "nina", "email": "nina@example.com"}


def test_a_person_is_created_with_roles(db):
    person = create_user(actor=make_admin(), **NEW, password=PASSWORD, roles=[Role.TESTER])
    assert person.has_role(Role.TESTER)
    assert person.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"username": "NINA"}, "/username"),
        ({"email": "Nina@EXAMPLE.com"}, "/email"),
        ({"password": "password"}, "/password"),
        ({"password": "short"}, "/password"),
    ],
)
def test_taken_names_and_weak_passwords_are_refused(db, change, pointer):
    admin = make_admin()
    create_user(actor=admin, **NEW)
    other = {"username": "noor", "email": "noor@example.com"} | change
    with pytest.raises(Invalid) as refusal:
        create_user(actor=admin, **other)
    assert refusal.value.errors[0]["pointer"] == pointer
    assert not User.objects.filter(username="noor").exists()


def test_only_administrators_manage_people(db):
    person, actor = make_user(), make_tester()
    for call in (
        lambda: create_user(actor=actor, **NEW),
        lambda: update_user(user=person, actor=actor, first_name="x"),
        lambda: deactivate_user(user=person, actor=actor),
        lambda: activate_user(user=person, actor=actor),
        lambda: set_password(user=person, password=PASSWORD, actor=actor),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_a_stale_edit_is_refused(db):
    admin, person = make_admin(), make_user()
    update_user(user=person, actor=admin, expected=1, first_name="A")
    with pytest.raises(Stale):
        update_user(user=person, actor=admin, expected=1, first_name="B")


def test_deactivation_ends_sessions_and_tokens_for_good(client, api, db):
    admin, person = make_admin(), make_tester()
    program = api(person)
    client.force_login(person)
    assert client.get("/").status_code == 200
    assert program.get("/api/v1/me/").status_code == 200
    deactivate_user(user=person, actor=admin, reason="left the bank")
    assert client.get("/").status_code == 302
    assert program.get("/api/v1/me/").status_code == 401
    activate_user(user=person, actor=admin)
    assert client.get("/").status_code == 302
    assert program.get("/api/v1/me/").status_code == 401
    assert Entry.objects.get(action="user.deactivate").reason == "left the bank"


def test_nobody_deactivates_themselves(db):
    admin = make_admin()
    with pytest.raises(OwnRoles):
        deactivate_user(user=admin, actor=admin)


def test_a_new_password_ends_other_sessions(client, db):
    person = make_tester()
    client.force_login(person)
    set_password(user=person, password="another long phrase", actor=person)
    assert client.get("/").status_code == 302


def test_changing_ones_own_password_keeps_this_session(client, db):
    person = make_tester()
    client.force_login(person)
    response = client.post(
        reverse("accounts:own_password"),
        {
            "old_password": PASSWORD,
            "new_password1": "another long phrase",
            "new_password2": "another long phrase",
        },
    )
    assert response.status_code == 302
    assert client.get("/").status_code == 200


def test_administrators_manage_people_in_pages(client, db):
    client.force_login(make_admin())
    client.post(
        reverse("accounts:user_create"),
        NEW | {"password": PASSWORD, "roles": ["tester", "data_owner"]},
    )
    person = User.objects.get(username="nina")
    assert person.role_codes == {"tester", "data_owner"}
    client.post(
        reverse("accounts:user_roles", args=[person.pk]),
        {"roles": ["report_owner"], "expected": person.lock_version},
    )
    person.refresh_from_db()
    client.post(
        reverse("accounts:user_update", args=[person.pk]),
        NEW | {"first_name": "Nina", "expected": person.lock_version},
    )
    client.post(reverse("accounts:user_deactivate", args=[person.pk]), {"reason": "left"})
    person = User.objects.get(pk=person.pk)
    assert (person.role_codes, person.first_name, person.is_active) == (
        {"report_owner"},
        "Nina",
        False,
    )
    client.post(reverse("accounts:user_activate", args=[person.pk]))
    client.post(reverse("accounts:user_password", args=[person.pk]), {"password": PASSWORD + "!"})
    assert User.objects.get(pk=person.pk).check_password(PASSWORD + "!")
    text = client.get(reverse("accounts:user_detail", args=[person.pk])).content.decode()
    assert "Report owner" in text


def test_a_refused_form_tells_why(client, db):
    client.force_login(make_admin())
    make_user("nina")
    url = reverse("accounts:user_create")
    response = client.post(url, {"username": "nina", "email": "n@example.com"})
    assert response.status_code == 422
    assert response.context["form"].errors == {"username": ["Taken already."]}
    assert "n@example.com" in response.content.decode()


def test_pages_of_people_are_for_administrators(client, db):
    person = make_user()
    client.force_login(make_tester())
    pk = [person.pk]
    for name, args in [("user_list", []), ("user_create", [])] + [
        (f"user_{name}", pk)
        for name in ("detail", "update", "roles", "password", "deactivate", "activate")
    ]:
        assert client.get(reverse(f"accounts:{name}", args=args)).status_code == 403, name


def test_the_list_of_people_costs_the_same_for_many(client, db, django_assert_max_num_queries):
    client.force_login(make_admin())
    for _ in range(30):
        make_tester()
    with django_assert_max_num_queries(8):
        text = client.get(reverse("accounts:user_list"), {"role": "tester"}).content.decode()
    assert "of 30 users" in text


def test_the_admin_changes_no_person_directly(client, db):
    client.force_login(make_admin())
    person = make_tester()
    url = reverse("admin:accounts_user_change", args=[person.pk])
    text = client.get(url).content.decode()
    assert person.password not in text
    assert client.post(url, {"is_staff": "on"}).status_code == 403
    assert client.post(reverse("admin:accounts_user_delete", args=[person.pk])).status_code == 403
    client.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "deactivate", "_selected_action": [person.pk]},
    )
    assert not User.objects.get(pk=person.pk).is_active


def test_people_over_rest(api, db):
    client = api(make_admin())
    created = client.post(
        "/api/v1/users/", NEW | {"password": PASSWORD, "roles": ["tester"]}, format="json"
    )
    assert created.status_code == 201
    assert "password" not in created.json()
    url = created["Location"]
    assert client.patch(url, {"first_name": "N"}, format="json").status_code == 428
    tag = client.get(url)["ETag"]
    changed = client.patch(url, {"first_name": "N"}, format="json", headers={"If-Match": tag})
    assert changed.json()["first_name"] == "N"
    stale = client.patch(url, {"first_name": "M"}, format="json", headers={"If-Match": tag})
    assert stale.status_code == 412
    roles = client.put(f"{url}roles/", {"roles": ["data_owner"]}, format="json")
    assert roles.json()["roles"] == ["data_owner"]
    assert client.post(f"{url}deactivate/", {}, format="json").json()["is_active"] is False
    assert client.post(f"{url}activate/").json()["is_active"] is True
    new = {"password": "another long phrase"}
    assert client.post(f"{url}set-password/", new, format="json").status_code == 204


def test_who_may_read_and_who_may_change_people(api, db):
    person = make_user()
    url = f"/api/v1/users/{person.pk}/"
    for role in Role:
        client = api(make_user(roles=[role]))
        reads = role in (Role.ADMIN, Role.TEST_EXECUTIVE)
        assert client.get(url).status_code == (200 if reads else 403), role
        if role == Role.ADMIN:
            continue
        for method, path, data in [
            ("post", "/api/v1/users/", NEW),
            ("patch", url, {"first_name": "x"}),
            ("put", f"{url}roles/", {"roles": []}),
            ("post", f"{url}deactivate/", {}),
            ("post", f"{url}activate/", {}),
            ("post", f"{url}set-password/", {"password": PASSWORD}),
        ]:
            response = getattr(client, method)(path, data, format="json")
            assert response.status_code == 403, (role, path)
        assert client.get("/api/v1/audit-entries/").status_code == 403


def test_me(api, db):
    assert api(make_tester()).get("/api/v1/me/").json()["roles"] == ["tester"]


def test_people_edited_in_pages_are_not_overwritten_unseen(client, db):
    client.force_login(make_admin())
    person = make_tester()
    User.objects.filter(pk=person.pk).update(lock_version=9)
    sent = {"username": "other", "email": "other@example.com", "expected": 8}
    refused = client.post(reverse("accounts:user_update", args=[person.pk]), sent)
    assert refused.status_code == 412
    assert "other@example.com" in refused.content.decode()
    address = reverse("accounts:user_roles", args=[person.pk])
    assert client.post(address, {"roles": [], "expected": 8}).status_code == 412
    assert User.objects.get(pk=person.pk).has_role(Role.TESTER)
