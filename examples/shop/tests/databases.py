"""Databases for tests: files of SQLite, or databases of the PostgreSQL server that `TEST_DATABASE_URL` names."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool


class Databases(Protocol):
    """Makes databases, which are gone after the run; a database is told by its URL."""

    def new(self) -> str:
        """Return an empty database."""
        ...

    def copy(self, database: str) -> str:
        """Return a copy of a database to which nobody is connected."""
        ...

    def close(self) -> None:
        """Drop what was made."""
        ...


class SqliteFiles:
    """Databases in a folder that pytest clears away."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new(self) -> str:
        return f"sqlite+aiosqlite:///{self._folder / uuid4().hex}.db"

    def copy(self, database: str) -> str:
        made = self.new()
        with closing(sqlite3.connect(_file(database))) as source, closing(sqlite3.connect(_file(made))) as target:
            source.backup(target)
        return made

    def close(self) -> None:
        return


class PostgresServer:
    """Databases on a server, by an account that may create them."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql+asyncpg")
        self._made: list[URL] = []

    def new(self) -> str:
        return self._create()

    def copy(self, database: str) -> str:
        return self._create(f" TEMPLATE {make_url(database).database}")

    def close(self) -> None:
        self._execute(*(f"DROP DATABASE {made.database} WITH (FORCE)" for made in self._made))

    def _create(self, how: str = "") -> str:
        made = self._url.set(database=f"test_{uuid4().hex}")
        self._execute(f"CREATE DATABASE {made.database}{how}")
        self._made.append(made)
        return made.render_as_string(hide_password=False)

    def _execute(self, *statements: str) -> None:
        async def execute() -> None:
            engine = create_async_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
            async with engine.connect() as connection:
                for statement in statements:
                    await connection.execute(text(statement))

        asyncio.run(execute())


def _file(database: str) -> str:
    return make_url(database).database or ""
