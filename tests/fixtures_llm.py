"""A model endpoint for tests: the simulator in a process of its own, over real HTTP."""

import json
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from synapse.common import embedded
from tests.support.workers import wait_for


class SimulatorServer:
    """A running simulator: script its faults, read its counts."""

    model = "simulated"

    def __init__(self, address: str) -> None:
        self.base_url = address

    @property
    def settings(self) -> dict:
        """For `settings.LLM`."""
        return {
            "BASE_URL": self.base_url,
            "API_KEY": "test-key",
            "MODEL": self.model,
            "SIMULATED": True,
            "TIMEOUT": 30,
            "CONNECT_TIMEOUT": 15,
        }

    @property
    def environment(self) -> dict[str, str]:
        """For processes that a test starts."""
        return {
            f"LLM_{name}": "1" if value is True else str(value)
            for name, value in self.settings.items()
        }

    def script(self, fault: str, times: int | None = 1, **details) -> None:
        """The next `times` requests (None: all) fail so; `operation=` limits it to one."""
        self._control(script=[{"name": fault, "times": times, **details}])

    def follow(self, *faults: str, **match) -> None:
        """Steps for the requests that match, such as "429:2", "truncated", "ok", first to last."""
        self._post("_script", [{"match": match, "faults": list(faults)}])

    def slow_down(self, latency: float) -> None:
        """Seconds an answer takes from now on."""
        self._control(latency=latency)

    def hold(self) -> None:
        """Calls that come stay open until `let_go`."""
        self._control(hold=True)

    def let_go(self) -> None:
        self._control(hold=False)

    def mend(self) -> None:
        """No faults from now on; the counts go on."""
        self._control(mend=True)

    def reset(self) -> None:
        """No latency, no faults, counts at nought, and nobody is under way."""
        self._control(reset=True)
        self.wait_until_idle()
        self._control(reset=True)

    def wait_until_idle(self) -> None:
        """Until it has seen that each caller has its answer or has hung up."""
        wait_for(lambda: not self.stats()["in_flight"], 60, "no call is in flight")

    def stats(self) -> dict:
        """in_flight, peak, served, abandoned, tokens_in, tokens_out, by_operation, by_fault."""
        with urllib.request.urlopen(f"{self.base_url}/_stats", timeout=60) as reply:  # noqa: S310
            return json.load(reply)

    def _control(self, **orders) -> None:
        self._post("_control", orders)

    def _post(self, where: str, orders: dict | list) -> None:
        request = urllib.request.Request(  # noqa: S310  our own address
            f"{self.base_url}/{where}", data=json.dumps(orders).encode(), method="POST"
        )
        with urllib.request.urlopen(request, timeout=60):  # noqa: S310
            pass


@pytest.fixture(scope="session")
def simulator_process():
    """One process for all tests of the run; it ends with the run, however that ends."""
    manage = str(embedded.BASE_DIR / "manage.py")
    process = subprocess.Popen(
        [sys.executable, manage, "simulator", "--port", "0", "--with-parent"],
        cwd=embedded.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )
    line = process.stdout.readline()
    if "http://" not in line:
        process.kill()
        pytest.fail(f"the simulator did not start: {line!r}")
    yield SimulatorServer(line.split()[-1])
    process.terminate()
    process.wait(timeout=60)
    process.stdout.close()


@pytest.fixture
def no_model_calls(django_db_setup, django_db_blocker):
    """Nothing is left of calls that earlier tests have made."""
    with django_db_blocker.unblock(), ThreadPoolExecutor(1) as pool:
        pool.submit(_forget_answers).result()


@pytest.fixture
def simulator(simulator_process, settings, request):
    """The endpoint all model calls of the test go to, with a clean slate."""
    settings.LLM = simulator_process.settings
    simulator_process.reset()
    names = {"db", "transactional_db"} & set(request.fixturenames)
    if names or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("no_model_calls")
    return simulator_process


def _forget_answers() -> None:
    """The client writes on connections of its own, so its rows outlive a test's rollback."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")  # calls are frozen otherwise
            cursor.execute("DELETE FROM llm_llmcall")
            cursor.execute("DELETE FROM llm_cachedanswer")
            cursor.execute("DELETE FROM llm_circuit")
            cursor.execute("DELETE FROM llm_reservation")
            cursor.execute("DELETE FROM llm_budget")
            cursor.execute("DELETE FROM llm_ratebucket")
    finally:
        connection.close()
