"""Database connections of the job's thread around the times when it waits for something else."""

from django.db import connections

from jobs import conf
from jobs.errors import TransactionOpen


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
        connection.close()
        if connection.in_atomic_block:
            del connections[connection.alias]
