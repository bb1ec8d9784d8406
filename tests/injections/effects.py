"""What changed in the whole database, and where to the process connected meanwhile."""

import json
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from django.db import connection

# What asking a model leaves by itself: the record of the calls, and the job that made them.
OF_A_CALL = {
    "llm_llmcall",
    "llm_cachedanswer",
    "llm_circuit",
    "llm_reservation",
    "llm_budget",
    "llm_ratebucket",
    "llm_promptversion",
    "jobs_job",
    "jobs_jobitem",
    "jobs_jobevent",
    "django_q_ormq",
}


@dataclass(frozen=True)
class Effect:
    """One row that came, went or changed; `columns` are those that changed."""

    table: str
    kind: str  # new, gone, changed
    columns: frozenset[str]
    row: str  # as it is, or was, in JSON

    def value(self, name: str) -> object:
        return json.loads(self.row)[name]


def snapshot() -> dict[str, dict[str, str]]:
    """Every row of every table as JSON, by table and primary key."""
    rows: dict[str, dict[str, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_every_row())
        for table, key, row in cursor.fetchall():
            rows.setdefault(table, {})[key] = row
    return rows


@cache
def _every_row() -> str:
    """One statement for all tables; they don't change while tests run."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return " UNION ALL ".join(
            f"SELECT '{table}', concat_ws('/', {_key(cursor, table)}), to_jsonb(t)::text "  # noqa: S608
            f'FROM "{table}" t'
            for table in tables
        )


def _key(cursor, table: str) -> str:
    columns = connection.introspection.get_primary_key_columns(cursor, table)
    return ", ".join(f't."{name}"' for name in columns)


def between(before: dict, after: dict) -> list[Effect]:
    """All rows that differ."""
    return [
        effect
        for table in before.keys() | after.keys()
        for effect in _of_table(table, before.get(table, {}), after.get(table, {}))
    ]


def _of_table(table: str, before: dict[str, str], after: dict[str, str]):
    for key in before.keys() - after.keys():
        yield Effect(table, "gone", frozenset(), before[key])
    for key in after.keys() - before.keys():
        yield Effect(table, "new", frozenset(), after[key])
    for key in before.keys() & after.keys():
        if before[key] != after[key]:
            was, now = json.loads(before[key]), json.loads(after[key])
            differ = frozenset(name for name in now if now[name] != was.get(name))
            yield Effect(table, "changed", differ, after[key])


def beyond_calls(effects: list[Effect]) -> list[Effect]:
    """Those that asking a model doesn't leave by itself."""
    return [effect for effect in effects if effect.table not in OF_A_CALL]


_watchers: list[list[tuple]] = []


def _watch(event: str, arguments: tuple) -> None:
    if _watchers and event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen"):
        for seen in _watchers:
            seen.append((event, arguments[1 if event == "socket.connect" else 0]))


sys.addaudithook(_watch)


@contextmanager
def connections():
    """Yields a list of what the process reaches for: addresses, host names, programs.

    The database's own library, which is no Python, is not seen.
    """
    seen: list[tuple] = []
    _watchers.append(seen)
    try:
        yield seen
    finally:
        _watchers.remove(seen)
