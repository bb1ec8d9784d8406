"""Whether a socket may stay open: its session, its user, its job, asked afresh each time."""

from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, load_backend
from django.utils.crypto import constant_time_compare

from jobs import selectors
from jobs.live.reading import as_change
from jobs.live.threads import CHECKING, on
from jobs.models import Job

NOT_LOGGED_IN = 4401
NOT_ALLOWED = 4403
NOT_FOUND = 4404


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sits at a socket: the session it was opened with and the user it had then."""

    session_key: str | None
    user_id: int


def session_user(session_key: str | None):
    """The active user a stored session speaks for, or None.

    Reads only: `django.contrib.auth.get_user` may give the session a new key, which a socket
    can't tell its browser.
    """
    if not session_key:
        return None
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    backend_path = session.get(BACKEND_SESSION_KEY)
    if backend_path not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = load_backend(backend_path).get_user(session[SESSION_KEY])
    if user is None:
        return None
    stored = session.get(HASH_SESSION_KEY, "")
    current = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return user if any(constant_time_compare(stored, one) for one in current) else None


def refusal(user, job: Job | None) -> int | None:
    """Why this user may not watch this job, as a close code; None if they may."""
    if job is None:
        return NOT_FOUND
    return None if selectors.may_watch(user, job) else NOT_ALLOWED


@on(CHECKING)
def opening_user(session_key: str | None):
    """Who opens the socket; None without a valid session."""
    return session_user(session_key)


@on(CHECKING)
def opened_job(user, job_id: int) -> tuple[int | None, dict | None]:
    """For a user who has just been identified: the refusal, or the job's state."""
    job = find_job(job_id)
    code = refusal(user, job)
    return (code, None) if code else (None, as_change(job))


@on(CHECKING)
def checked_again(seat: Seat, job_id: int | None) -> int | None:
    """For a socket that has been open for a while: all of it afresh; None while it may watch."""
    user = session_user(seat.session_key)
    if user is None or user.pk != seat.user_id:
        return NOT_LOGGED_IN
    return None if job_id is None else refusal(user, find_job(job_id))


def find_job(job_id: int) -> Job | None:
    return selectors.jobs_for_snapshot().filter(pk=job_id).first()
