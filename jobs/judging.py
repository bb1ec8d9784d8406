"""What an error means for its job or item, told by its attributes and never by its class."""

import traceback
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError

from jobs import conf
from jobs.payloads import as_text

# Lost connections; a server that stops, starts or recovers; one that has no room for more.
AWAY = ("08", "57P0", "53300")
# The server cut off a transaction that stood still or went on for too long: the process was
# frozen, or the machine too busy. The driver takes that for an error of the transaction itself.
CUT_OFF = ("25P03", "25P04")


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
    code = _attribute(error, "code")
    if isinstance(error, OperationalError | InterfaceError) or _is_cut_off(error):
        # Includes deadlocks and statement timeouts: all of them may pass.
        code, before, told = "database_error", "The database did not answer as it should: ", error
        flags = (True, None, True)
    elif isinstance(code, str) and code:
        before, told = "", _attribute(error, "message") or error
        flags = tuple(_attribute(error, name) for name in ("retryable", "retry_at", "stops_job"))
    else:
        code, before, told = (
            "unexpected_error",
            f"Unexpected error: {type(error).__name__}: ",
            error,
        )
        flags = (False, None, False)
    retryable, retry_at, stops_job = flags
    return Judgement(
        code=as_text(code, 40)[:64],
        message=before + as_text(told, conf.MAX_ERROR),
        detail=as_text(
            "".join(traceback.format_exception(error, chain=True, limit=30)), conf.MAX_DETAIL
        ),
        retryable=retryable is True,
        retry_at=retry_at if isinstance(retry_at, datetime) else None,
        stops_job=stops_job is True,
        outage=_is_outage(error),
    )


def _attribute(error: BaseException, name: str) -> Any:
    try:
        return getattr(error, name, None)
    except Exception:  # noqa: BLE001  an error's property may be what is wrong with it
        return None


def _is_cut_off(error: BaseException) -> bool:
    cause = error.__cause__
    return isinstance(cause, psycopg.Error) and cause.sqlstate in CUT_OFF


def _is_outage(error: BaseException) -> bool:
    """Whether the database was lost; a deadlock or a statement that took too long is not that."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    if not isinstance(cause, psycopg.Error):
        return False
    # Without a state, the driver says it: no server was there to.
    return cause.sqlstate is None or cause.sqlstate.startswith(AWAY)
