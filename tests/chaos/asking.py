"""Questions to the database from outside the storm's reach: asked again until it is back."""

import time
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError, connection

PATIENCE = 60.0


def insist(function: Callable[[], Any]) -> Any:
    """What `function()` gives, tried again while the database is away."""
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            return function()
        except (OperationalError, InterfaceError):
            connection.close()
            if time.monotonic() > give_up:
                raise
            time.sleep(0.1)


def rows(statement: str, parameters: list | None = None) -> list[tuple]:
    def ask():
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    return insist(ask)


def value(statement: str, parameters: list | None = None) -> Any:
    return rows(statement, parameters)[0][0]


def now() -> float:
    """The database's time, in seconds since 1970."""
    return value("SELECT extract(epoch FROM clock_timestamp())::float8")
