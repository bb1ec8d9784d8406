"""Cursors for the engine's own statements: few and long ones, so the server keeps their plans.

Planning them anew each time costs the server as much again as running them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections

from jobs import conf


@contextmanager
def cursor() -> Iterator[Any]:
    """A cursor of Django's connection that binds on the server and prepares what is repeated.

    Errors, transactions and query logs are Django's, as with any cursor of its own.
    """
    connection = connections[conf.DATABASE]
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    raw = connection.connection
    # Only asked of cursors that bind on the server: the ORM's own don't prepare.
    raw.prepare_threshold = conf.PREPARE_AFTER
    with connection._prepare_cursor(psycopg.Cursor(raw)) as wrapped:
        yield wrapped
