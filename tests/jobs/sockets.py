"""Sockets of the real ASGI application, as a browser with a session opens them."""

import asyncio
import json
from contextlib import asynccontextmanager
from threading import Barrier

from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.db import connections
from django.test import Client

from jobs.live import threads
from synapse.asgi import application

ORIGIN = "http://testserver"
PATIENCE = 60  # seconds; none of them passes while all is well


def signed_in(user) -> str:
    """The cookie header of a browser in which this user is signed in."""
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def communicator(path: str, cookie: str = "", origin: str = ORIGIN) -> WebsocketCommunicator:
    headers = [(b"host", b"testserver")]
    if origin:
        headers.append((b"origin", origin.encode()))
    if cookie:
        headers.append((b"cookie", cookie.encode()))
    return WebsocketCommunicator(application, path, headers=headers)


@asynccontextmanager
async def opened(path: str, cookie: str = "", origin: str = ORIGIN):
    socket = communicator(path, cookie, origin)
    accepted, _ = await socket.connect(timeout=PATIENCE)
    assert accepted
    try:
        yield socket
    finally:
        if not socket.future.cancelled():  # a wait that timed out has ended the application
            await socket.disconnect(timeout=PATIENCE)


async def frame(socket) -> dict:
    """The next snapshot."""
    return json.loads(await socket.receive_from(PATIENCE))


async def frame_where(socket, wanted) -> dict:
    """The next snapshot for which `wanted` holds; those before it are passed over."""
    async with asyncio.timeout(PATIENCE):
        while not wanted(got := await frame(socket)):
            continue
        return got


async def close_code(socket) -> int:
    """The code the server closed with; frames before it are passed over."""
    while (message := await socket.receive_output(PATIENCE))["type"] != "websocket.close":
        assert message["type"] == "websocket.send"
    return message.get("code", 1000)


def in_thread(function):
    """A database step of a test, committed on a connection of its own."""
    return database_sync_to_async(function)


@in_thread
def kill_backend(pid: int) -> bool:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        return cursor.fetchone()[0]


async def until(condition):
    """The first true value of `condition()`."""
    async with asyncio.timeout(PATIENCE):
        while not (value := condition()):
            await asyncio.sleep(0.01)
        return value


async def listening(hub, other_than: int | None = None) -> int:
    """The server process of the hub's LISTEN connection, once there is one (another one) on which
    it listens, and it has compared what it may have missed."""
    await until(lambda: hub.listener.backend_pid not in (None, other_than))
    await until(lambda: hub._compared_at is not None)
    return hub.listener.backend_pid


@in_thread
def listeners() -> list[int]:
    """Server processes of LISTEN connections of hubs."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name LIKE '%%live'"
        )
        return [pid for (pid,) in cursor.fetchall()]


async def none_listens() -> None:
    """Until the server too has ended all of them: it lists one a moment longer than it is open."""
    async with asyncio.timeout(PATIENCE):
        while await listeners():
            await asyncio.sleep(0.01)


async def stop(hub) -> None:
    """Ends the hub, and closes what Channels' test client has kept its threads from closing."""
    await hub.stop()
    await none_listens()
    await in_thread(connections.close_all)()
    for executor, size in ((threads.READING, 1), (threads.CHECKING, 2)):
        # A barrier, so that each thread closes its own.
        barrier = Barrier(size)
        closing = [executor.submit(close_all, barrier) for _ in range(size)]
        await asyncio.gather(*map(asyncio.wrap_future, closing))


def close_all(barrier: Barrier) -> None:
    barrier.wait(PATIENCE)
    connections.close_all()
