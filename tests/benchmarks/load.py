"""People who load pages while something else goes on, and what PostgreSQL shows meanwhile."""

import threading
import time
from dataclasses import dataclass, field

import httpx
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection


@dataclass
class Measured:
    """What a stretch of load showed; connections and idle transactions once a second."""

    name: str
    milliseconds: list[float] = field(default_factory=list)
    failed: int = 0
    connections: list[int] = field(default_factory=list)
    idle_in_transaction: list[int] = field(default_factory=list)


class Visitor:
    """A signed-in person with a session made in the database."""

    def __init__(self, address: str):
        self.address = address
        user, _ = get_user_model().objects.get_or_create(
            username="visitor", defaults={"email": "visitor@example.org"}
        )
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        self.cookies = {"sessionid": session.session_key}

    def load_pages(self, measured: Measured, until: float) -> None:
        with httpx.Client(cookies=self.cookies, timeout=20) as client:
            while time.monotonic() < until:
                start = time.perf_counter()
                try:
                    ok = client.get(self.address + "/jobs/").status_code == 200
                except httpx.HTTPError:
                    ok = False
                measured.milliseconds.append((time.perf_counter() - start) * 1000)
                measured.failed += not ok

    def wait_until_quiet(self, seconds: float) -> None:
        """Until no transaction sits idle any more."""
        deadline = time.monotonic() + seconds
        while activity()["idle in transaction"] and time.monotonic() < deadline:
            time.sleep(0.5)


def measure(name: str, visitor: Visitor, start, seconds: float, people: int = 4) -> Measured:
    """Call `start()`, then let people load pages for some seconds."""
    measured = Measured(name)
    start()
    time.sleep(1)
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=visitor.load_pages, args=(measured, until)) for _ in range(people)
    ]
    for thread in threads:
        thread.start()
    while time.monotonic() < until:
        now = activity()
        measured.connections.append(now["all"])
        measured.idle_in_transaction.append(now["idle in transaction"])
        time.sleep(1)
    for thread in threads:
        thread.join()
    return measured


def activity(application: str = "synapse-%") -> dict[str, int]:
    """Connections of our processes now, all and those idle in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE state LIKE 'idle in transaction%%') "
            "FROM pg_stat_activity WHERE application_name LIKE %s",
            [application],
        )
        total, idle = cursor.fetchone()
    return {"all": total, "idle in transaction": idle}
