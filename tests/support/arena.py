"""A migrated database of its own for a program that is run by hand, thrown away afterwards."""

import contextlib
import os
import shutil
import signal
import sys
import tempfile

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "synapse.settings.test")


@contextlib.contextmanager
def arena(*, durable: bool = True, connections: int | None = None):
    """Set Django up on a server of this program's own; gives the environment of its children.

    `durable` commits wait for the disk, as in production; `connections` is how many the server
    takes, if not as many as it usually does.
    """
    folder = tempfile.mkdtemp(prefix="syn-")
    os.environ["SYNAPSE_STATE"] = folder
    os.environ.pop("DATABASE_URL", None)
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    # A stop from outside must pass through the clean-up below.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    from synapse.common import embedded

    embedded.ensure_server(durable=durable)
    try:
        if connections:
            limit_connections(connections)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0, skip_checks=True)
        yield os.environ | {
            "DATABASE_URL": embedded.url(),
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "PYTHONPATH": str(embedded.BASE_DIR),
        }
    finally:
        from django.db import connections as opened

        opened.close_all()
        embedded.stop_server()
        shutil.rmtree(folder, ignore_errors=True)


def limit_connections(number: int) -> None:
    import psycopg

    from synapse.common import embedded

    with psycopg.connect(embedded.url(), autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET max_connections = {number:d}")
    embedded.stop_server()
    embedded.ensure_server()
