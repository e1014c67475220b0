"""A wire between an application and PostgreSQL that counts what goes over it, and can be made slow."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from pathlib import Path

SOCKET = ".s.PGSQL.5432"
EXECUTE, QUERY, SYNC = b"E", b"Q", b"S"


class Wire:
    """Listens in a folder of its own, as PostgreSQL does, and passes everything on.

    `statements` counts what was executed, with BEGIN and COMMIT; `round_trips` how often an answer was waited for.
    """

    def __init__(self, database: str, place: Path) -> None:
        self.statements = 0
        self.round_trips = 0
        self.delay = 0.0
        self._server = str(Path(database) / SOCKET)
        self._listening = socket.socket(socket.AF_UNIX)
        place.mkdir(parents=True, exist_ok=True)
        (place / SOCKET).unlink(missing_ok=True)
        self._listening.bind(str(place / SOCKET))
        self._listening.listen(200)
        self.database = str(place)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections; those that there are end with the application."""
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listening.accept()
                server = socket.socket(socket.AF_UNIX)
                try:
                    server.connect(self._server)
                except OSError:
                    client.close()
                    continue
                for pump, one, other in ((self._ask, client, server), (_pass, server, client)):
                    threading.Thread(target=pump, args=(one, other), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        """Pass on what the application sends, message by message; the first one has no type."""
        buffer, begun = b"", False
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                buffer += data
                while len(buffer) >= 5:
                    start = 1 if begun else 0
                    size = start + struct.unpack("!i", buffer[start : start + 4])[0]
                    if len(buffer) < size:
                        break
                    if begun:
                        self._count(buffer[:1])
                    begun, buffer = True, buffer[size:]
                if self.delay:
                    time.sleep(self.delay)
                server.sendall(data)
        _end(client, server)

    def _count(self, kind: bytes) -> None:
        self.statements += kind in (EXECUTE, QUERY)
        self.round_trips += kind in (QUERY, SYNC)


def _pass(server: socket.socket, client: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := server.recv(65536):
            client.sendall(data)
    _end(server, client)


def _end(*sockets: socket.socket) -> None:
    for each in sockets:
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
