"""The short way to a socket: the same bytes as Daphne's own, and only while nothing waits."""

import json

import pytest

from jobs.live.outlet import MOST_WAITING, Outlet, frame_of
from tests.benchmarks.receiver import split


class Transport:
    """A connection that takes `room` bytes at once."""

    TLS, connected, disconnecting = False, True, False
    offset, dataBuffer, _tempDataLen = 0, b"", 0

    def __init__(self, room: int):
        self.room, self.sent, self.later = room, b"", b""

    def writeSomeData(self, data):
        self.sent += data[: self.room]
        return min(self.room, len(data))

    def write(self, data):
        self.later += data
        self._tempDataLen += len(data)


class Protocol:
    STATE_OPEN = state = 3
    muted, send_queue, websocket_extensions_in_use = False, (), ()


@pytest.fixture
def outlet():
    outlet = Outlet(None)
    outlet._protocol = Protocol()
    outlet._protocol.transport = Transport(room=10**6)
    return outlet


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_a_frame_is_the_text(size):
    text = "é" * (size // 2) + "x" * (size % 2)
    assert split(frame_of(text)) == (1, text.encode(), b"")


def test_another_server_takes_the_way_of_asgi():
    outlet = Outlet(lambda message: None)
    assert not outlet.write("{}")
    assert not outlet.is_behind


def test_what_the_system_does_not_take_at_once_is_left_to_the_transport(outlet):
    outlet._protocol.transport.room = 5
    assert outlet.write(json.dumps({"done": 1}))
    transport = outlet._protocol.transport
    assert transport.sent + transport.later == frame_of('{"done": 1}')
    assert not outlet.write("next")  # never before what waits
    assert not outlet.is_behind
    transport.write(bytes(MOST_WAITING))
    assert outlet.is_behind


def test_a_socket_that_is_not_plainly_open_takes_the_way_of_asgi(outlet):
    protocol = outlet._protocol
    for part, name, value in (
        (protocol, "state", 2),
        (protocol, "muted", True),
        (protocol, "send_queue", (b"ping",)),
        (protocol, "websocket_extensions_in_use", ("permessage-deflate",)),
        (protocol.transport, "TLS", True),
        (protocol.transport, "connected", False),
        (protocol.transport, "disconnecting", True),
    ):
        usual = getattr(part, name)
        setattr(part, name, value)
        assert not outlet.write("{}")
        setattr(part, name, usual)
    assert outlet.write("{}")


def test_a_lost_connection_is_left_to_the_server(outlet):
    outlet._protocol.transport.writeSomeData = lambda data: ConnectionResetError()
    assert not outlet.write("{}")


def test_a_fault_of_one_socket_reaches_no_other(outlet, caplog):
    del outlet._protocol.transport.room
    assert not outlet.write("{}")
    assert not outlet.is_behind
    assert "could not be written to directly" in caplog.text
