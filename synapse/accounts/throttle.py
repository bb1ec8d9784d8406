"""Slowing down who guesses passwords, counted in the database for all processes."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from synapse.accounts.errors import TooManyAttempts
from synapse.accounts.models import LoginFailure

WINDOW = timedelta(minutes=15)
# One address guessing one name; one address guessing many; many addresses guessing one name.
LIMITS = {"pair": 5, "address": 50, "name": 30}


def _keys(username: str, ip: str) -> dict[str, str]:
    name = username.strip().lower()[:100]
    return {"pair": f"pair:{name}@{ip}", "address": f"address:{ip}", "name": f"name:{name}"}


def require_attempt(username: str, ip: str) -> None:
    """Raises TooManyAttempts when a limit of the window is reached."""
    keys = _keys(username, ip)
    now = timezone.now()
    rows = LoginFailure.objects.filter(key__in=keys.values(), since__gt=now - WINDOW)
    counts = {row.key: row for row in rows}
    for kind, key in keys.items():
        row = counts.get(key)
        if row and row.count >= LIMITS[kind]:
            error = TooManyAttempts(
                minutes=int((row.since + WINDOW - now).total_seconds() / 60) + 1
            )
            error.retry_at = row.since + WINDOW
            raise error


def note_failure(username: str, ip: str) -> None:
    """Counts one failure in a single statement, so that parallel guesses all count."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO accounts_loginfailure AS f (key, count, since) VALUES (%s, 1, %s)
            ON CONFLICT (key) DO UPDATE SET
                count = CASE WHEN f.since > %s THEN f.count + 1 ELSE 1 END,
                since = CASE WHEN f.since > %s THEN f.since ELSE excluded.since END
            """,
            [
                (key, now, now - WINDOW, now - WINDOW)
                for key in sorted(_keys(username, ip).values())
            ],
        )


def note_success(username: str, ip: str) -> None:
    """Forgets the pair's and the name's failures; the address may still be guessing others."""
    keys = _keys(username, ip)
    LoginFailure.objects.filter(key__in=[keys["pair"], keys["name"]]).delete()
