"""The fences of the probe, with a gate: tests may talk to servers that they have started on this machine themselves."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Any

from fastwright.project.probe.engines import Engines
from fastwright.project.probe.fences import Fences

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
# What the kernel gives to a server that asks for any port: databases and caches of this machine are below.
_FIRST_FREE_PORT = 32768


class Walls(Fences):
    """Writing ends at the copy and its scratch directory, the network at what the tests have opened."""

    def __init__(self, allowed: list[str]) -> None:
        self._bound: set[int] = set()
        super().__init__(allowed)

    def put_up(self) -> None:
        super().put_up()
        sys.addaudithook(self._see_bound)

    def _see_bound(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.bind" and isinstance(arguments[1], tuple):
            self._bound.add(_port(arguments[1]))

    def _connect(self, arguments: tuple[Any, ...]) -> None:
        one, address = arguments
        if getattr(one, "family", None) in (socket.AF_INET, socket.AF_INET6):
            port = _port(address)
            if address[0] in _HERE and (port in self._bound or port >= _FIRST_FREE_PORT):
                return
        super()._connect(arguments)

    def _look_up(self, arguments: tuple[Any, ...]) -> None:
        host = arguments[0]
        if host is None or os.fsdecode(host) not in _HERE:
            super()._look_up(arguments)


def _port(address: Any) -> int:
    return int(address[1])


def enclosed(request: dict[str, Any], *, redirect: bool) -> Walls:
    """Put up the walls, make the project importable, and with `redirect` lead its engines to a scratch database."""
    walls = Walls([request["root"], request["scratch"]])
    if redirect:
        Engines(Path(request["scratch"]), walls).redirect()
    walls.put_up()
    sys.path[:0] = [path for path in request["paths"] if path not in sys.path]
    return walls
