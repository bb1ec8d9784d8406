"""The circuit of a model at a provider, kept in PostgreSQL so that all workers share it.

Its times are the database's: a host whose clock is wrong must not keep it open for the others.
"""

import logging
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from llm.conf import Conf
from llm.errors import CircuitOpen, LLMError, RateLimited
from llm.failures import clock, in_seconds, seconds_until
from llm.models import Circuit

logger = logging.getLogger(__name__)

# How long those who find the probe under way wait before they look again.
PROBE_WAIT = 5.0


@dataclass(frozen=True)
class Permit:
    """Leave to make one call; `probe` marks the one that decides whether the circuit closes."""

    provider: str
    model: str
    probe: uuid.UUID | None = None


def admit(conf: Conf) -> Permit:
    """A permit, or CircuitOpen / RateLimited with the moment to come back."""
    where = {"provider": conf.provider, "model": conf.model}
    circuit = Circuit.objects.filter(**where).annotate(now=Now()).first()
    if circuit is None:
        return Permit(**where)
    if circuit.held_until and circuit.held_until > circuit.now:
        moment = in_seconds((circuit.held_until - circuit.now).total_seconds())
        raise RateLimited(retry_at=moment)
    if circuit.open_until is None:
        return Permit(**where)
    if circuit.open_until > circuit.now:
        raise _open(conf, (circuit.open_until - circuit.now).total_seconds())
    probe = uuid.uuid4()
    taken = (
        Circuit.objects.filter(pk=circuit.pk, open_until__lte=Now())
        .filter(Q(probe=None) | Q(probe_until__lte=Now()))
        .update(probe=probe, probe_until=Now() + timedelta(seconds=conf.timeout + 15))
    )
    if not taken:
        raise _open(conf, PROBE_WAIT)
    return Permit(**where, probe=probe)


def _open(conf: Conf, wait: float) -> CircuitOpen:
    moment = in_seconds(wait)
    return CircuitOpen(retry_at=moment, provider=conf.provider)


def succeeded(permit: Permit) -> None:
    """The provider answered. A late answer of an old call does not close an open circuit."""
    if permit.probe:
        _probed(permit).update(
            failures=0, open_until=None, probe=None, probe_until=None, last_error=""
        )
    else:
        _circuit(permit).filter(open_until=None, failures__gt=0).update(failures=0)


def failed(permit: Permit, error: LLMError, conf: Conf) -> None:
    """Counts a failure that was the provider's; the last one allowed, or a probe's, opens it."""
    span = timedelta(seconds=conf.breaker_seconds)
    if permit.probe:
        _probed(permit).update(
            open_until=Now() + span, probe=None, probe_until=None, last_error=error.message
        )
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO llm_circuit AS c (provider, model, failures, open_until, last_error,
                                          changed_at)
            VALUES (%(provider)s, %(model)s, 1,
                    CASE WHEN %(limit)s <= 1 THEN statement_timestamp() + %(span)s END,
                    %(error)s, statement_timestamp())
            ON CONFLICT (provider, model) DO UPDATE SET
                failures = c.failures + 1,
                open_until = CASE WHEN c.failures + 1 >= %(limit)s
                    THEN statement_timestamp() + %(span)s END,
                last_error = excluded.last_error, changed_at = statement_timestamp()
            WHERE c.open_until IS NULL
            RETURNING open_until
            """,
            {
                "provider": permit.provider,
                "model": permit.model,
                "limit": conf.breaker_failures,
                "span": span,
                "error": error.message,
            },
        )
        opened = (cursor.fetchone() or [None])[0]
    if opened:
        logger.warning(
            "Calls to %s at %s stop until %s: %s",
            permit.model,
            permit.provider,
            clock(opened),
            error.message,
        )


def open_for(permit: Permit) -> float | None:
    """Seconds until an open circuit lets a probe through; None while it is closed."""
    circuit = _circuit(permit).filter(open_until__isnull=False).annotate(now=Now()).first()
    return max((circuit.open_until - circuit.now).total_seconds(), 0) if circuit else None


def hold(permit: Permit, error: RateLimited) -> None:
    """Nobody calls before the moment the provider named; "at once" holds nobody up."""
    wait = seconds_until(error.retry_at)
    if not wait:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO llm_circuit AS c (provider, model, failures, held_until, last_error,
                                          changed_at)
            VALUES (%s, %s, 0, statement_timestamp() + %s, '', statement_timestamp())
            ON CONFLICT (provider, model) DO UPDATE
                SET held_until = greatest(c.held_until, excluded.held_until),
                    changed_at = statement_timestamp()
            """,
            [permit.provider, permit.model, timedelta(seconds=wait)],
        )


def release(permit: Permit) -> None:
    """The call ended without telling anything about the provider; the next may probe."""
    if permit.probe:
        _probed(permit).update(probe=None, probe_until=None)


def _circuit(permit: Permit) -> QuerySet[Circuit]:
    return Circuit.objects.filter(provider=permit.provider, model=permit.model)


def _probed(permit: Permit) -> QuerySet[Circuit]:
    """The circuit, unless another took the probe over."""
    return _circuit(permit).filter(probe=permit.probe)
