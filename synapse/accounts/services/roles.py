"""Granting and revoking roles, with the integrity that roles need."""

from django.db import connection, transaction

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
from synapse.accounts.usage import uses_of
from synapse.audit.services import record
from synapse.common.errors import NotAllowed, Stale

SHOWN_USES = 3
ADMINISTRATORS_LOCK = 0x5EED_AD01


@transaction.atomic
def grant_role(*, user: User, role: str, actor) -> User:
    """Gives a role; the administrator role opens the admin site too."""
    user = lock_user(user.pk)
    require_administrator(actor)
    _require_other(user, actor)
    role = Role(role)
    if not user.is_active:
        raise Inactive(person=user)
    if role in user.role_codes:
        raise RoleHeld(person=user, role=role.label)
    RoleGrant.objects.create(user=user, role=role, granted_by=actor)
    if role == Role.ADMIN:
        user.is_staff = True
    return _saved(user, actor, "user.grant_role", after={"role": role})


@transaction.atomic
def revoke_role(*, user: User, role: str, actor) -> User:
    """Takes a role; refused while somebody depends on the person having it."""
    role = Role(role)
    if role == Role.ADMIN:
        hold_administrators()
    user = lock_user(user.pk)
    require_administrator(actor)
    _require_other(user, actor)
    if role not in user.role_codes:
        raise RoleNotHeld(person=user, role=role.label)
    require_unused(user, [role])
    if role == Role.ADMIN:
        require_another_administrator(user)
        user.is_staff = user.is_superuser = False
    RoleGrant.objects.filter(user=user, role=role).delete()
    return _saved(user, actor, "user.revoke_role", before={"role": role})


def set_roles(*, user: User, roles: list[str], actor, expected: int | None = None) -> User:
    """Grants and revokes until the person holds exactly these; all of it or nothing."""
    with transaction.atomic():
        # Before the person's row, as in every other service: the other order could deadlock.
        hold_administrators()
        user = lock_user(user.pk)
        if expected is not None and expected != user.lock_version:
            raise Stale(what=str(user))
        held = user.role_codes
        for role in sorted(set(roles) - held):
            user = grant_role(user=user, role=role, actor=actor)
        for role in sorted(held - set(roles)):
            user = revoke_role(user=user, role=role, actor=actor)
    return user


def lock_user(pk: int) -> User:
    return User.objects.select_for_update().get(pk=pk)


def require_administrator(actor) -> None:
    if not actor.is_administrator:
        raise NotAllowed(action="manage users; an administrator does")


def require_unused(user: User, roles) -> None:
    uses = [use for role in roles for use in uses_of(user, role)]
    if uses:
        more = len(uses) - SHOWN_USES
        text = "; ".join(uses[:SHOWN_USES]) + (f" and {more} more" if more > 0 else "")
        raise RoleInUse(person=user, uses=text)


def hold_administrators() -> None:
    """One at a time takes an administrator away, so that two don't remove each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADMINISTRATORS_LOCK])


def require_another_administrator(user: User) -> None:
    """Somebody else active has the role; call `hold_administrators` before the change."""
    others = RoleGrant.objects.filter(role=Role.ADMIN, user__is_active=True)
    if not others.exclude(user=user).exists():
        raise LastAdministrator(person=user)


def _require_other(user: User, actor) -> None:
    if user.pk == actor.pk:
        raise OwnRoles()


def _saved(user: User, actor, action: str, *, before=None, after=None) -> User:
    user.lock_version += 1
    user.save()
    record(actor=actor, action=action, obj=user, before=before, after=after)
    # Without the roles it had read before the change.
    return User.objects.get(pk=user.pk)
