"""How many database connections the demonstration used."""

import time
from collections import Counter

from django.db import connection

OURS = "synapse-%"


class ConnectionMeter:
    """The most connections our processes held, and the most idle in a transaction, as sampled."""

    INTERVAL_SECONDS = 0.5

    def __init__(self):
        self.most: Counter[str] = Counter()
        self.idle_in_transaction = 0
        self._last = 0.0

    def sample(self) -> None:
        if time.monotonic() - self._last < self.INTERVAL_SECONDS:
            return
        self._last = time.monotonic()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT application_name, count(*), "
                "count(*) FILTER (WHERE state LIKE 'idle in transaction%%' "
                "AND now() - state_change > interval '1 second') "
                "FROM pg_stat_activity WHERE application_name LIKE %s GROUP BY 1",
                [OURS],
            )
            rows = cursor.fetchall()
        for name, count, _idle in rows:
            self.most[name] = max(self.most[name], count)
        self.idle_in_transaction = max(
            self.idle_in_transaction, sum(idle for _name, _count, idle in rows)
        )

    def __str__(self) -> str:
        each = ", ".join(f"{name} {count}" for name, count in sorted(self.most.items()))
        return f"{sum(self.most.values())} at most ({each})"
