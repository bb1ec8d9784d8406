"""What an error means for its job or item, told by its attributes and never by its class."""

import traceback
from dataclasses import dataclass
from datetime import datetime

import psycopg
from django.db import InterfaceError, OperationalError

from jobs import conf
from jobs.payloads import as_text

# Lost connections; a server that stops, starts or recovers; one that has no room for more.
AWAY = ("08", "57P0", "53300")


@dataclass(frozen=True)
class Judgement:
    code: str
    message: str
    detail: str
    retryable: bool
    retry_at: datetime | None
    stops_job: bool
    outage: bool = False  # the database itself went away


def judge(error: BaseException) -> Judgement:
    """Errors with a code speak for themselves; a database that is away may return; a bug won't."""
    code = getattr(error, "code", None)
    if isinstance(error, OperationalError | InterfaceError):
        # Includes deadlocks and statement timeouts: all of them may pass.
        named = ("database_error", f"The database did not answer as it should: {error}")
        flags = (True, None, True)
    elif isinstance(code, str) and code:
        named = (code, getattr(error, "message", "") or str(error))
        flags = tuple(getattr(error, name, None) for name in ("retryable", "retry_at", "stops_job"))
    else:
        named = ("unexpected_error", f"Unexpected error: {type(error).__name__}: {error}")
        flags = (False, None, False)
    retryable, retry_at, stops_job = flags
    return Judgement(
        code=as_text(named[0], 40)[:64],
        message=as_text(named[1], conf.MAX_ERROR),
        detail=as_text(
            "".join(traceback.format_exception(error, chain=True, limit=30)), conf.MAX_DETAIL
        ),
        retryable=bool(retryable),
        retry_at=retry_at if isinstance(retry_at, datetime) else None,
        stops_job=bool(stops_job),
        outage=_is_outage(error),
    )


def _is_outage(error: BaseException) -> bool:
    """Whether the database was lost; a deadlock or a statement that took too long is not that."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    if not isinstance(cause, psycopg.Error):
        return False
    # Without a state, the driver says it: no server was there to.
    return cause.sqlstate is None or cause.sqlstate.startswith(AWAY)
