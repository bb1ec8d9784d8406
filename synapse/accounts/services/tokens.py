"""Bearer tokens: made, shown once, checked, revoked."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from synapse.accounts.errors import Inactive, TokenLifetime
from synapse.accounts.models import ApiToken, User
from synapse.audit.services import record
from synapse.common.errors import NotAllowed

# A fixed beginning, so that secret scanners find a leaked token.
PREFIX = "syn_"
MAX_DAYS = 365
DEFAULT_DAYS = 90
USED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_token(*, user: User, name: str, days: int = DEFAULT_DAYS) -> tuple[ApiToken, str]:
    """The token's row and its text, which is never to be had again."""
    if not user.is_active:
        raise Inactive(person=user)
    if not 1 <= days <= MAX_DAYS:
        raise TokenLifetime(limit=MAX_DAYS)
    secret = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        key=secrets.token_hex(6),
        digest=_digest(secret, settings.SECRET_KEY),
        expires_at=timezone.now() + timedelta(days=days),
    )
    record(
        actor=user,
        action="apitoken.create",
        obj=token,
        after={"name": token.name, "expires_at": token.expires_at},
    )
    return token, f"{PREFIX}{token.key}.{secret}"


@transaction.atomic
def revoke_token(*, token: ApiToken, actor) -> ApiToken:
    if actor.pk != token.user_id and not actor.is_administrator:
        raise NotAllowed(action="revoke somebody else's token")
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(actor=actor, action="apitoken.revoke", obj=token)
    return token


def token_user(text: str) -> User | None:
    """The active person a token stands for; None if it is wrong, expired or revoked."""
    key, dot, secret = text.removeprefix(PREFIX).partition(".")
    if not text.startswith(PREFIX) or not dot or not secret or not text.isprintable():
        return None
    token = ApiToken.objects.select_related("user").filter(key=key).first()
    if token is None or not token.is_usable or not token.user.is_active:
        return None
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(constant_time_compare(token.digest, _digest(secret, key)) for key in keys):
        return None
    _note_use(token)
    return token.user


def _digest(secret: str, pepper: str) -> str:
    return salted_hmac(
        "synapse.accounts.token", secret, secret=pepper, algorithm="sha256"
    ).hexdigest()


def _note_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
