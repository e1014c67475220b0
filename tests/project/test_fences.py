"""Nothing of the world changes when a project is read: not its files, not its databases, and nobody hears of it."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fastwright.project.read import read_project
from tests.project.projects import QUICK, Write, endpoint

NOSY = """
    import logging, os, socket, subprocess
    from pathlib import Path
    from fastapi import FastAPI
    from sqlalchemy import create_engine, text
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase):
        pass

    class Thing(Base):
        __tablename__ = "things"
        id: Mapped[int] = mapped_column(primary_key=True)

    engine = create_engine("sqlite:///{database}")
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    Path("uploads").mkdir(exist_ok=True)
    logging.basicConfig(filename="app.log", level="INFO")
    logging.warning("hello")
    app = FastAPI()

    @app.delete("/things")
    def remove():
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM things"))
        return "gone"

    @app.post("/call")
    def call():
        socket.create_connection(("127.0.0.1", {port}), timeout=2).close()

    @app.post("/run")
    def run():
        subprocess.run(["touch", "{marker}"])
"""


def tree(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_reading_a_project_changes_nothing(write: Write, today: Path, tmp_path: Path) -> None:
    database, marker = tmp_path / "real.db", tmp_path / "marker"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE things (id INTEGER PRIMARY KEY)")
        connection.execute("INSERT INTO things VALUES (1)")
    connection.close()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        directory = write({"main.py": NOSY.format(database=database, port=port, marker=marker)})
        before, rows = tree(directory), database.read_bytes()

        project = read_project(directory, python=today, limits=QUICK)

        assert tree(directory) == before
        assert database.read_bytes() == rows
        assert not marker.exists()
        assert endpoint(project, "DELETE /things").auth.status == 200  # it ran, on a database of ours
        assert not endpoint(project, "POST /call").auth.proven
        try:
            heard = server.accept()
        except TimeoutError:
            heard = None
        assert heard is None
    assert {f"127.0.0.1:{port}", "subprocess.Popen"} & {one.subject for one in project.unresolved}


def test_an_engine_for_another_database_is_led_to_sqlite(write: Write, today: Path) -> None:
    project = read_project(
        write(
            {
                "main.py": """
                from fastapi import FastAPI
                from sqlalchemy import text
                from sqlalchemy.dialects.postgresql import JSONB
                from sqlalchemy.ext.asyncio import create_async_engine
                from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

                class Base(DeclarativeBase):
                    pass

                class Thing(Base):
                    __tablename__ = "things"
                    __table_args__ = {"schema": "shop"}
                    id: Mapped[int] = mapped_column(primary_key=True)
                    data: Mapped[dict] = mapped_column(JSONB)

                address = "postgresql+asyncpg://u:p@db.example/x"
                engine = create_async_engine(address, pool_size=3, isolation_level="AUTOCOMMIT")
                app = FastAPI()

                @app.get("/")
                async def home():
                    async with engine.connect() as connection:
                        return (await connection.execute(text("SELECT 1"))).scalar()
                """
            }
        ),
        python=today,
        limits=QUICK,
    )
    assert endpoint(project, "GET /").auth.status == 200
    assert project.app.databases == ("postgresql+asyncpg",)
    assert [column.type for column in project.models[0].columns] == ["INTEGER", "JSONB"]


def test_the_environment_of_the_caller_is_not_passed_on(
    write: Write, today: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_SECRET", "hush")
    text = "import os\nfrom fastapi import FastAPI\nassert 'MY_SECRET' not in os.environ\napp = FastAPI()\n"
    assert read_project(write({"main.py": text}), python=today, limits=QUICK).endpoints == ()


def test_what_the_app_prints_is_not_taken_for_the_result(write: Write, today: Path) -> None:
    text = "from fastapi import FastAPI\nprint('{\"endpoints\": 1}')\napp = FastAPI()\n"
    assert read_project(write({"main.py": text}), python=today, limits=QUICK).endpoints == ()


def test_the_app_meets_no_threads_but_its_own(write: Write, today: Path) -> None:
    text = "import threading\nfrom fastapi import FastAPI\nassert threading.active_count() == 1\napp = FastAPI()\n"
    assert read_project(write({"main.py": text}), python=today, limits=QUICK).endpoints == ()


def test_a_killed_run_leaves_nothing_behind(write: Write, today: Path, tmp_path: Path) -> None:
    project = write({"main.py": "import time\nfrom fastapi import FastAPI\ntime.sleep(600)\napp = FastAPI()\n"})
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    command = [sys.executable, "-m", "fastwright", "map", "--project", project, "--python", today]
    process = subprocess.Popen(command, env={**os.environ, "TMPDIR": str(scratch)}, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: bool(list(scratch.glob("*/scratch/stacks.txt"))))
    finally:
        process.kill()
        process.wait()
    wait_until(lambda: not list(scratch.iterdir()))


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
