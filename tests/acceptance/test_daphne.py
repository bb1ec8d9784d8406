"""Sockets of a real Daphne process, as a browser's own client meets them."""

import asyncio
import http.client
import json
import signal
import subprocess
import sys
import time

import pytest
import websockets
from django.db import connection
from websockets.exceptions import InvalidStatus

from jobs.models import Job
from jobs.states import Status
from synapse.common.embedded import BASE_DIR
from synapse.common.running import free_port
from tests.factories.accounts import make_tester
from tests.factories.jobs import change_job, make_job
from tests.jobs.sockets import in_thread, signed_in

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]


class Web:
    def __init__(self, environment: dict, log):
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(self.port)]
            + ["--verbosity", "1", "synapse.asgi:application"],
            cwd=BASE_DIR,
            env=environment | {"SYNAPSE_PROCESS": "web"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )

    def answers(self) -> bool:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            asked.request("GET", "/accounts/login/")
            return asked.getresponse().status == 200
        except OSError:
            return False
        finally:
            asked.close()

    def socket(self, path: str, cookie: str, origin: str = ""):
        return websockets.connect(
            f"ws://127.0.0.1:{self.port}{path}",
            origin=origin or f"http://127.0.0.1:{self.port}",
            additional_headers={"Cookie": cookie},
            open_timeout=30,
        )


@pytest.fixture
def web(child_environment, tmp_path):
    with (tmp_path / "web.log").open("w") as log:
        web = Web(child_environment, log)
        deadline = time.monotonic() + 60
        while not web.answers():
            assert web.process.poll() is None, (tmp_path / "web.log").read_text()
            assert time.monotonic() < deadline, "no answer"
            time.sleep(0.1)
        yield web
        if web.process.poll() is None:
            web.process.terminate()
            web.process.wait(30)


@pytest.fixture
def job(transactional_db) -> Job:
    return make_job(make_tester("tess"), status=Status.RUNNING, total=10)


@pytest.fixture
def cookie(job):
    return signed_in(job.owner)


@in_thread
def listeners() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name LIKE '%%live'"
        )
        return [pid for (pid,) in cursor.fetchall()]


@in_thread
def terminate(pid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])


async def receive(socket) -> dict:
    return json.loads(await asyncio.wait_for(socket.recv(), 20))


async def closed(socket) -> int:
    await asyncio.wait_for(socket.wait_closed(), 20)
    return socket.close_code


async def test_many_sockets_share_one_listen_connection_and_survive_its_death(web, job, cookie):
    sockets = [await web.socket(f"/ws/jobs/{job.pk}/", cookie) for _ in range(20)]
    for socket in sockets:
        assert (await receive(socket))["done"] == 0
    assert len(pids := await listeners()) == 1
    await in_thread(change_job)(job, done=3)
    assert [(await receive(socket))["done"] for socket in sockets] == [3] * 20

    await terminate(pids[0])
    await in_thread(change_job)(job, notice=False, done=7)
    assert [(await receive(socket))["done"] for socket in sockets] == [7] * 20
    assert len(again := await listeners()) == 1
    assert again != pids

    await in_thread(change_job)(job, status=Status.SUCCEEDED)
    assert {(await receive(socket))["status"] for socket in sockets} == {"succeeded"}
    assert {await closed(socket) for socket in sockets} == {1000}


async def test_a_browser_reads_why_it_was_closed(web, job, cookie):
    otto = await in_thread(lambda: signed_in(make_tester("otto")))()
    for path, who, code in [
        (f"/ws/jobs/{job.pk}/", "", 4401),
        (f"/ws/jobs/{job.pk}/", otto, 4403),
        ("/ws/jobs/987654321/", cookie, 4404),
        ("/ws/elsewhere/", cookie, 4404),
    ]:
        async with web.socket(path, who) as socket:
            assert await closed(socket) == code
    with pytest.raises(InvalidStatus) as refused:
        await web.socket(f"/ws/jobs/{job.pk}/", cookie, origin="http://evil.example")
    assert refused.value.response.status_code == 403


async def test_a_stop_ends_sockets_and_the_listen_connection_soon(web, job, cookie):
    async with web.socket(f"/ws/jobs/{job.pk}/", cookie) as socket:
        await receive(socket)
        assert len(await listeners()) == 1
        web.process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        await asyncio.to_thread(web.process.wait, 20)
        assert time.monotonic() - begun < 15
        assert await closed(socket) in (1001, 1006)
    assert await listeners() == []
