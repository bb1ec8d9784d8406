"""A TCP address that leads to the database only once it is opened: a server that comes up late."""

import contextlib
import socket
import threading


class Relay:
    """Hangs up on every caller until `open()`; then each is carried to the server."""

    def __init__(self, host: str, port: str):
        self.server = (host, int(port or 5432))
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.refused = 0
        self.is_open = False
        self.sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def open(self) -> None:
        self.is_open = True

    def close(self) -> None:
        """Hang up on everybody."""
        for each in [self.listening, *self.sockets]:
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listening.accept()
                if self.is_open:
                    self._join(client, self._connect())
                else:
                    client.close()
                    self.refused += 1

    def _connect(self) -> socket.socket:
        host, port = self.server
        if not host.startswith("/"):
            return socket.create_connection(self.server)
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(f"{host}/.s.PGSQL.{port}")
        return connection

    def _join(self, client: socket.socket, server: socket.socket) -> None:
        self.sockets += [client, server]
        for source, target in ((client, server), (server, client)):
            threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    @staticmethod
    def _carry(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while part := source.recv(65_536):
                target.sendall(part)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)
