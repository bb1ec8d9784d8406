"""Roles: who grants them, and when they can't be taken."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from synapse.accounts.errors import (
    Inactive,
    LastAdministrator,
    OwnRoles,
    RoleHeld,
    RoleInUse,
    RoleNotHeld,
)
from synapse.accounts.models import RoleGrant, User
from synapse.accounts.roles import Role
from synapse.accounts.services.roles import grant_role, revoke_role, set_roles
from synapse.accounts.services.users import deactivate_user
from synapse.audit.models import Entry
from synapse.common.errors import NotAllowed
from tests.factories.accounts import make_admin, make_tester, make_user
from tests.factories.cycles import make_cycle, make_cycle_report, make_report


def test_a_grant_tells_who_gave_it_and_is_audited(db):
    admin, person = make_admin(), make_user()
    person = grant_role(user=person, role=Role.TESTER, actor=admin)
    assert person.has_role(Role.TESTER)
    assert RoleGrant.objects.get(user=person).granted_by == admin
    entry = Entry.objects.get(action="user.grant_role")
    assert (entry.actor, entry.obj, entry.after) == (admin, person, {"role": "tester"})


def test_the_administrator_role_opens_and_shuts_the_admin_site(db):
    admin, person = make_admin(), make_user()
    person = grant_role(user=person, role=Role.ADMIN, actor=admin)
    assert person.is_staff
    person = revoke_role(user=person, role=Role.ADMIN, actor=admin)
    assert not person.is_staff


def test_nobody_changes_their_own_roles(db):
    admin = make_admin()
    make_admin()
    for service in (grant_role, revoke_role):
        with pytest.raises(OwnRoles):
            service(user=admin, role=Role.ADMIN, actor=admin)


def test_the_database_refuses_a_role_granted_to_oneself(db):
    person = make_user()
    with pytest.raises(IntegrityError, match="not_by_oneself"), transaction.atomic():
        RoleGrant.objects.create(user=person, role=Role.ADMIN, granted_by=person)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_only_administrators_grant(db, role):
    with pytest.raises(NotAllowed):
        grant_role(user=make_user(), role=Role.TESTER, actor=make_user(roles=[role]))


def test_what_is_held_is_not_granted_and_what_is_not_is_not_revoked(db):
    admin, person = make_admin(), make_tester()
    with pytest.raises(RoleHeld):
        grant_role(user=person, role=Role.TESTER, actor=admin)
    with pytest.raises(RoleNotHeld):
        revoke_role(user=person, role=Role.ADMIN, actor=admin)


def test_a_deactivated_person_gets_no_role(db):
    with pytest.raises(Inactive):
        grant_role(user=make_user(is_active=False), role=Role.TESTER, actor=make_admin())


def test_the_last_active_administrator_stays(db):
    last, gone = make_admin(), make_admin()
    actor = _staff_without_role()
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for call in (
        lambda: revoke_role(user=last, role=Role.ADMIN, actor=actor),
        lambda: deactivate_user(user=last, actor=actor),
    ):
        with pytest.raises(LastAdministrator):
            call()
    assert User.objects.get(pk=last.pk).is_administrator


def _staff_without_role():
    person = make_user()
    User.objects.filter(pk=person.pk).update(is_staff=True)
    return User.objects.get(pk=person.pk)


def test_the_tester_of_an_open_cycle_report_stays_tester(db):
    admin, row = make_admin(), make_cycle_report()
    with pytest.raises(RoleInUse, match="the tester of R-"):
        revoke_role(user=row.tester, role=Role.TESTER, actor=admin)
    with pytest.raises(RoleInUse):
        deactivate_user(user=row.tester, actor=admin)
    row.cycle.status = "cancelled"
    row.cycle.save()
    assert not revoke_role(user=row.tester, role=Role.TESTER, actor=admin).has_role(Role.TESTER)


def test_owners_and_executives_stay_while_in_use(db):
    admin, report, cycle = make_admin(), make_report(), make_cycle()
    overseer = make_user(roles=[Role.REPORT_EXECUTIVE])
    make_report(executive=overseer)
    for user, role, part in [
        (report.owner, Role.REPORT_OWNER, "the owner of"),
        (cycle.executive, Role.TEST_EXECUTIVE, "the executive of"),
        (overseer, Role.REPORT_EXECUTIVE, "the executive of"),
    ]:
        with pytest.raises(RoleInUse, match=part):
            revoke_role(user=user, role=role, actor=admin)


def test_setting_roles_is_all_or_nothing(db):
    admin, row = make_admin(), make_cycle_report()
    with pytest.raises(RoleInUse):
        set_roles(user=row.tester, roles=[Role.DATA_OWNER], actor=admin)
    assert User.objects.get(pk=row.tester_id).role_codes == {"tester"}
    person = set_roles(user=make_tester(), roles=[Role.DATA_OWNER, Role.REPORT_OWNER], actor=admin)
    assert person.role_codes == {"data_owner", "report_owner"}


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_remove_each_other_one_stays():
    first, second = make_admin(), make_admin()
    barrier, refusals = threading.Barrier(2), []

    def remove(user, actor):
        try:
            barrier.wait(60)
            revoke_role(user=user, role=Role.ADMIN, actor=actor)
        except LastAdministrator as refusal:
            refusals.append(refusal)
        finally:
            connection.close()

    pairs = [(first, second), (second, first)]
    threads = [threading.Thread(target=remove, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(refusals) == 1
    assert RoleGrant.objects.filter(role=Role.ADMIN).count() == 1
