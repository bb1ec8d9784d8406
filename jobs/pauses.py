"""Database connections of the job's thread around the times when it waits for something else."""

import contextlib

import psycopg
from django.db import connections
from psycopg.pq import TransactionStatus

from jobs import conf
from jobs.errors import TransactionOpen

CANCEL_SECONDS = 2.0


def require_no_transaction(what: str) -> None:
    """Refuse to go on inside a transaction, except the one a test case wraps around each test."""
    blocks = connections[conf.DATABASE].atomic_blocks
    if blocks and not blocks[-1]._from_testcase:
        raise TransactionOpen(what=what)


def close_connections() -> None:
    """Hold no connection while waiting; the next query opens one again."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


def drop_connections() -> None:
    """Forget connections that something broke off in the middle of, whatever state they are in."""
    for connection in connections.all(initialized_only=True):
        blocks = connection.atomic_blocks
        if blocks and blocks[0]._from_testcase:
            continue
        _cancel_query(connection.connection)
        connection.close()
        if connection.in_atomic_block:
            del connections[connection.alias]


def _cancel_query(raw: psycopg.Connection | None) -> None:
    # The server would run it to its end: it doesn't look whether anybody still listens.
    if raw is not None and raw.info.transaction_status == TransactionStatus.ACTIVE:
        with contextlib.suppress(psycopg.Error):
            raw.cancel_safe(timeout=CANCEL_SECONDS)
