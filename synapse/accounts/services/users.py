"""Creating, changing, deactivating and activating people."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from synapse.accounts.errors import OwnRoles
from synapse.accounts.models import ApiToken, User
from synapse.accounts.roles import Role
from synapse.accounts.services.roles import (
    grant_role,
    hold_administrators,
    lock_user,
    require_administrator,
    require_another_administrator,
    require_unused,
)
from synapse.audit.services import changes, record
from synapse.common.errors import Invalid, Stale


@transaction.atomic
def create_user(
    *, actor, username: str, email: str, password: str = "", roles: list[str] = (), **fields: Any
) -> User:
    """A person with their roles; without a password nobody can log in until one is set."""
    require_administrator(actor)
    user = User(username=username.strip(), email=User.objects.normalize_email(email), **fields)
    _set_password(user, password)
    _save(user)
    record(
        actor=actor,
        action="user.create",
        obj=user,
        after={"username": user.username, "email": user.email},
    )
    for role in roles:
        user = grant_role(user=user, role=role, actor=actor)
    return user


@transaction.atomic
def update_user(*, user: User, actor, expected: int | None = None, **fields: Any) -> User:
    """Changes name and address."""
    require_administrator(actor)
    user = lock_user(user.pk)
    if expected is not None and expected != user.lock_version:
        raise Stale(what=str(user))
    before, after = changes(user, fields)
    if not after:
        return user
    for name, value in after.items():
        setattr(user, name, value)
    user.lock_version += 1
    _save(user)
    record(actor=actor, action="user.update", obj=user, before=before, after=after)
    return user


@transaction.atomic
def set_password(*, user: User, password: str, actor) -> User:
    """One's own password, or anybody's by an administrator; ends the person's sessions."""
    if user.pk != actor.pk:
        require_administrator(actor)
    user = lock_user(user.pk)
    _set_password(user, password)
    user.session_epoch += 1
    user.save()
    record(actor=actor, action="user.set_password", obj=user)
    return user


@transaction.atomic
def deactivate_user(*, user: User, actor, reason: str = "") -> User:
    """Shuts the account: sessions and tokens end at once, and stay ended if it is opened again."""
    require_administrator(actor)
    if user.pk == actor.pk:
        raise OwnRoles()
    hold_administrators()
    user = lock_user(user.pk)
    if not user.is_active:
        return user
    require_unused(user, user.role_codes)
    if Role.ADMIN in user.role_codes:
        require_another_administrator(user)
    user.is_active = False
    user.session_epoch += 1
    user.lock_version += 1
    user.save()
    revoked = ApiToken.objects.filter(user=user, revoked_at__isnull=True).update(
        revoked_at=timezone.now()
    )
    record(
        actor=actor,
        action="user.deactivate",
        obj=user,
        before={"is_active": True},
        after={"is_active": False, "tokens_revoked": revoked},
        reason=reason.strip(),
    )
    return user


@transaction.atomic
def activate_user(*, user: User, actor) -> User:
    require_administrator(actor)
    user = lock_user(user.pk)
    if user.is_active:
        return user
    user.is_active = True
    user.lock_version += 1
    user.save()
    record(
        actor=actor,
        action="user.activate",
        obj=user,
        before={"is_active": False},
        after={"is_active": True},
    )
    return user


def _set_password(user: User, password: str) -> None:
    if not password:
        user.set_unusable_password()
        return
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(
            reason="The password is too weak.",
            errors=[
                {"pointer": "/password", "code": "weak", "detail": text} for text in error.messages
            ],
        ) from None
    user.set_password(password)


def _save(user: User) -> None:
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        name = "email" if "email" in str(error) else "username"
        raise Invalid(
            reason=f"Somebody has this {name} already.",
            errors=[{"pointer": f"/{name}", "code": "unique", "detail": "Taken already."}],
        ) from None
