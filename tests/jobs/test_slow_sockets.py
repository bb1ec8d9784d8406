"""What a socket keeps while its browser is slow, and what it never says."""

import asyncio

import pytest

from jobs import consumers
from jobs.live import Change, Topic, current_hub
from tests.jobs.sockets import (
    listening,
    stop,
    until,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def hub():
    hub = current_hub()
    await listening(hub)
    yield hub
    await stop(hub)


class SlowSocket(consumers.JobConsumer):
    """A consumer whose transport takes its time."""

    def __init__(self):
        super().__init__()
        self.taken = []
        self.may_send = asyncio.Event()
        self.closed_with = None
        self._is_open = True

    async def send(self, text_data=None, bytes_data=None, close=False):
        await self.may_send.wait()
        self.taken.append(text_data)

    async def close(self, code=None, reason=None):
        self.closed_with = code


def change(job_id: int, version: int, is_final: bool = False) -> Change:
    return Change(job_id, None, version, is_final, f"{job_id}:{version}")


async def test_a_stale_version_is_dropped():
    socket = SlowSocket()
    socket.may_send.set()
    for version in (1, 3, 2, 3, 1):
        socket.push(change(1, version))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert socket.taken == ["1:1", "1:3"]


async def test_a_slow_socket_keeps_only_the_newest_state():
    socket = SlowSocket()
    for version in range(1, 1001):
        socket.push(change(1, version))
        await asyncio.sleep(0)
    socket.may_send.set()
    await until(lambda: socket.taken[1:])
    assert socket.taken == ["1:1", "1:1000"]


async def test_a_socket_too_slow_for_many_jobs_is_told_to_come_back(hub):
    socket = SlowSocket()
    socket.topic = Topic.owner(1)
    socket.push(change(1, 1))
    for number in range(2, consumers.LONGEST_BOX + 10):
        socket.push(change(number, 1))
    socket.may_send.set()
    await until(lambda: socket.closed_with)
    assert socket.closed_with == 1013
    assert not socket._box


class Pipe:
    """An outlet whose browser takes what it is given, or nothing for a while."""

    def __init__(self):
        self.taken, self.is_behind = [], False

    def write(self, text):
        if not self.is_behind:
            self.taken.append(text)
        return not self.is_behind


async def test_a_change_goes_out_at_once_without_a_task():
    socket = SlowSocket()
    socket._outlet = Pipe()
    for version in (1, 2, 2, 1, 3):
        socket.push(change(1, version))
    assert socket._outlet.taken == ["1:1", "1:2", "1:3"]
    assert socket._sending is None
    assert not socket._box


async def test_a_browser_that_is_behind_is_given_only_the_newest_state_later(settings):
    settings.JOBS = settings.JOBS | {"LIVE_INTERVAL": 0.01}
    socket = SlowSocket()
    socket.may_send.set()
    socket._outlet = Pipe()
    socket._outlet.is_behind = True
    for version in range(1, 1001):
        socket.push(change(1, version))
        await asyncio.sleep(0)
    await asyncio.sleep(0.05)
    assert socket.taken == []
    assert len(socket._box) == 1
    socket._outlet.is_behind = False
    await until(lambda: socket.taken)
    assert socket.taken == ["1:1000"]
