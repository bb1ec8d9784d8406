"""The database connection of each process kind (web, worker, command, migrate)."""

from psycopg.conninfo import conninfo_to_dict

from synapse.common import embedded
from synapse.settings import env

POOL_WAIT_SECONDS = 30
CONNECT_SECONDS = 30
POOL_LIFETIME_SECONDS = 3600
# How soon a machine that is cut off is noticed, here and by the server: else it takes hours.
CUT_OFF = {
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}


def process_kind() -> str:
    return env.text("SYNAPSE_PROCESS", "command")


def database(url: str = "", *, pool_min: int = 2) -> dict:
    """DATABASES["default"] for this process.

    Web processes use psycopg's pool and keep no connection a thread; workers fork, so they
    hold one plain connection each; migrations run without a statement timeout.
    """
    kind = process_kind()
    parts = conninfo_to_dict(url or env.secret("DATABASE_URL") or embedded.url())
    options = {
        "application_name": f"synapse-{kind}",
        "connect_timeout": CONNECT_SECONDS,
        "options": server_options(kind),
    }
    settings = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "synapse"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": None if kind == "worker" else 0,
        "CONN_HEALTH_CHECKS": kind == "worker",
        "OPTIONS": CUT_OFF | parts | options,
    }
    if kind == "web":
        settings["OPTIONS"]["pool"] = {
            "min_size": pool_min,
            "max_size": env.integer("DATABASE_POOL_MAX", 30),
            "timeout": POOL_WAIT_SECONDS,
            "max_lifetime": POOL_LIFETIME_SECONDS,
        }
    return settings


def server_options(kind: str) -> str:
    """Session parameters; idle transactions end after 15 s, so a frozen worker frees its rows, and
    connections of a machine that is cut off after 20 s.
    """
    statement = 0 if kind == "migrate" else env.integer("DATABASE_STATEMENT_TIMEOUT", 60)
    idle = env.integer("DATABASE_IDLE_TRANSACTION_TIMEOUT", 15)
    return (
        f"-c statement_timeout={statement}s -c jit=off "
        f"-c idle_in_transaction_session_timeout={idle}s "
        "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3 "
        "-c tcp_user_timeout=20s"
    )
