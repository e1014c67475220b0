"""The command `map`: a table for people, promised keys for programs, and exit code 2 for what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fastwright.cli import run
from tests.project.projects import Write

SHOP = {
    "shop/__init__.py": "",
    "shop/main.py": """
    from fastapi import Depends, FastAPI, HTTPException
    from fastapi.security import HTTPBearer
    from sqlalchemy import ForeignKey
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

    class Base(DeclarativeBase):
        pass

    class Owner(Base):
        __tablename__ = "owners"
        id: Mapped[int] = mapped_column(primary_key=True)
        things: Mapped[list["Thing"]] = relationship(back_populates="owner")

    class Thing(Base):
        __tablename__ = "things"
        id: Mapped[int] = mapped_column(primary_key=True)
        owner_id: Mapped[int] = mapped_column(ForeignKey("owners.id"), index=True)
        owner: Mapped[Owner] = relationship(back_populates="things")

    app = FastAPI()

    def admin(token=Depends(HTTPBearer())):
        if token.role != "admin":
            raise HTTPException(403)

    @app.get("/things")
    def things() -> list[int]:
        return []

    @app.delete("/things/{key}", dependencies=[Depends(admin)])
    def remove(key: int):
        return key
    """,
}


@pytest.fixture
def shop(write: Write) -> Path:
    return write(SHOP)


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["map", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_json_has_the_promised_keys(shop: Path, today: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, _error = output(capsys, "--project", str(shop), "--python", str(today), "--json")
    data: dict[str, Any] = json.loads(printed)
    assert code == 0
    assert {"app", "endpoints", "models", "conventions", "unresolved"} <= data.keys()
    things, remove = data["endpoints"]
    assert {"method", "path", "name", "file", "line", "auth", "request_model", "response_model"} <= things.keys()
    assert {"required", "schemes", "roles", "guards", "proven"} <= remove["auth"].keys()
    assert (remove["auth"]["required"], remove["auth"]["roles"], remove["auth"]["schemes"]) == (
        True,
        ["admin"],
        ["HTTPBearer"],
    )
    assert (things["auth"]["required"], things["response_model"], things["line"]) == (False, "list[int]", 28)
    model = data["models"][1]
    assert {"name", "table", "file", "line", "columns", "relations", "indexes"} <= model.keys()
    assert (model["columns"][1]["foreign_key"], model["columns"][1]["index"]) == ("owners.id", True)
    assert model["relations"][0]["target"] == "Owner"
    assert model["indexes"][0]["columns"] == ["owner_id"]


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_table_says_who_may_call_what(
    width: int, shop: Path, today: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    code, printed, _error = output(capsys, "--project", str(shop), "--python", str(today))
    lines = [line.split() for line in printed.splitlines()]
    assert code == 0
    assert max(map(len, printed.splitlines())) <= width
    assert ["GET", "/things", "✓", "anybody", "shop/main.py:28"] in lines
    assert ["DELETE", "/things/{key}", "✓", "admin", "shop/main.py:32"] in lines
    assert "2 endpoints: 1 open, 1 guarded; all seen by a request without credentials" in printed


def test_a_static_map_says_that_nothing_was_run(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, _error = output(capsys, "--project", str(shop), "--static")
    assert code == 0
    assert "nothing was run" in printed
    assert "none of this is proven" in printed


def test_a_project_that_cannot_be_read_is_exit_code_2(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, error = output(capsys, "--project", str(write({"main.py": "x = 1\n"})))
    assert (code, printed) == (2, "")
    assert "no FastAPI app was found" in error
    assert "--app" in error


def test_an_env_file_gives_the_import_what_it_needs(
    write: Write, today: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = write({"main.py": "import os\nfrom fastapi import FastAPI\napp = FastAPI(title=os.environ['NAME'])\n"})
    variables = tmp_path / "variables"
    variables.write_text("# a comment\nexport NAME='a shop'\n", encoding="utf-8")
    arguments = ("--project", str(project), "--python", str(today), "--json")
    assert output(capsys, *arguments)[0] == 2
    assert output(capsys, *arguments, "--env-file", str(variables))[0] == 0
