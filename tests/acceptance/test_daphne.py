"""Sockets of a real Daphne process, as a browser's own client meets them."""

import asyncio
import json
import signal

import pytest
from websockets.exceptions import InvalidStatus

from jobs.models import Job
from jobs.states import Status
from tests.factories.accounts import make_tester
from tests.factories.jobs import change_job, make_job
from tests.jobs.sockets import (
    PATIENCE,
    in_thread,
    kill_backend,
    listeners,
    none_listens,
    signed_in,
)
from tests.support.web import Web

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def web(child_environment, tmp_path):
    with Web(child_environment, tmp_path / "web.log") as web:
        yield web


@pytest.fixture
def job(transactional_db) -> Job:
    return make_job(make_tester("tess"), status=Status.RUNNING, total=10)


@pytest.fixture
def cookie(job):
    return signed_in(job.owner)


async def receive(socket) -> dict:
    return json.loads(await asyncio.wait_for(socket.recv(), PATIENCE))


async def closed(socket) -> int:
    await asyncio.wait_for(socket.wait_closed(), PATIENCE)
    return socket.close_code


async def test_many_sockets_share_one_listen_connection_and_survive_its_death(web, job, cookie):
    sockets = [await web.socket(f"/ws/jobs/{job.pk}/", cookie) for _ in range(20)]
    for socket in sockets:
        assert (await receive(socket))["done"] == 0
    assert len(pids := await listeners()) == 1
    await in_thread(change_job)(job, done=3)
    assert [(await receive(socket))["done"] for socket in sockets] == [3] * 20

    assert await kill_backend(pids[0])
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
        await asyncio.to_thread(web.process.wait, PATIENCE)
        assert await closed(socket) in (1001, 1006)
    await none_listens()
