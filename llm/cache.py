"""Answers kept for an hour, and one caller at a time asking for what is not there."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from llm.conf import Conf
from llm.models import CachedAnswer


@dataclass(frozen=True)
class Hit:
    """A valid answer of an earlier call."""

    answer: dict
    call_id: int


@dataclass(frozen=True)
class Lease:
    """The right to ask for this key; lapses by itself when its holder dies."""

    key: str
    token: uuid.UUID


def claim(key: str, conf: Conf, *, holder: str = "", fresh: bool = False) -> Hit | Lease | None:
    """A hit, or the lease; None while somebody else is asking. `fresh` passes over others' answers.

    A holder takes its own lease over, and its own answer is fresh enough: an item of a job only
    asks the same again when it is begun anew.
    """
    if fresh and holder and (hit := _hit(key, holder=holder)):
        return hit
    token = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO llm_cachedanswer AS c (key, holder, lease, lease_until)
            VALUES (%(key)s, %(holder)s, %(token)s, now() + %(span)s)
            ON CONFLICT (key) DO UPDATE SET lease = %(token)s, lease_until = now() + %(span)s,
                holder = %(holder)s, answer = NULL, call_id = NULL, expires_at = NULL
            WHERE (c.lease IS NULL OR c.lease_until <= now()
                   OR (c.holder = %(holder)s AND %(holder)s <> ''))
              AND (c.answer IS NULL OR c.expires_at <= now() OR %(fresh)s)
            """,
            {
                "key": key,
                "holder": holder,
                "token": token,
                "span": _span(conf),
                "fresh": fresh,
            },
        )
        return Lease(key, token) if cursor.rowcount else _hit(key)


def _hit(key: str, **asked_by: str) -> Hit | None:
    row = CachedAnswer.objects.filter(
        key=key, answer__isnull=False, expires_at__gt=Now(), **asked_by
    ).first()
    return Hit(row.answer, row.call_id) if row else None


def _span(conf: Conf) -> timedelta:
    return timedelta(seconds=conf.timeout + 15)


def renew(lease: Lease, conf: Conf) -> None:
    """Before another attempt under the same lease."""
    CachedAnswer.objects.filter(key=lease.key, lease=lease.token).update(
        lease_until=Now() + _span(conf)
    )


def store(lease: Lease, answer: dict, call_id: int, conf: Conf) -> None:
    """The answer for the next hour; the lease ends."""
    CachedAnswer.objects.filter(key=lease.key, lease=lease.token).update(
        answer=answer,
        call_id=call_id,
        expires_at=Now() + timedelta(seconds=conf.cache_seconds),
        lease=None,
        lease_until=None,
    )


def release(lease: Lease) -> None:
    """No answer came: the next caller may ask."""
    CachedAnswer.objects.filter(key=lease.key, lease=lease.token).update(
        lease=None, lease_until=Now()
    )


def drop(key: str) -> None:
    """Forgets an answer that can't be used any more."""
    CachedAnswer.objects.filter(key=key).update(answer=None, call_id=None, expires_at=None)


def purge() -> int:
    """Removes what nobody will read again."""
    unanswered = Q(answer__isnull=True, lease_until__lte=Now() - timedelta(hours=1))
    return CachedAnswer.objects.filter(Q(expires_at__lte=Now()) | unanswered).delete()[0]
