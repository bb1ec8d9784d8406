"""A plain connection beside Django's: autocommit, with keepalives, never from a pool."""

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

KEEPALIVE = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
NOT_FOR_LIBPQ = {"pool", "cursor_factory", "context", "prepare_threshold", "client_encoding"}


def parameters(purpose: str, alias: str = DEFAULT_DB_ALIAS) -> dict:
    """How to reach Django's database; `purpose` is added to the application's name."""
    given = connections[alias].get_connection_params()
    kept = {key: value for key, value in given.items() if key not in NOT_FOR_LIBPQ}
    name = kept.pop("application_name", "jobs")
    return kept | KEEPALIVE | {"application_name": f"{name} {purpose}"[:63]}


def connect(purpose: str, alias: str = DEFAULT_DB_ALIAS) -> psycopg.Connection:
    """Connect to Django's database.

    LISTEN and heartbeats need a connection that stays theirs while tasks open and close others.
    """
    return psycopg.connect(**parameters(purpose, alias), autocommit=True)
