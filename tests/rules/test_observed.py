"""What `check` sees when it runs more than the import: the project's own tests, and rows that come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.errors import InputError
from fastwright.rules import load, names
from fastwright.rules._page import Example
from fastwright.verbs.check import CheckRequest, CheckResult, check
from tests.project.projects import TODAY, environment

BY_RUN = [name for name in names() if load(name).rule.by_run]
VETS = """\
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine("sqlite:///vets.db")


class Base(DeclarativeBase): ...


class Vet(Base):
    __tablename__ = "vets"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    password_hash: Mapped[str]


def opened():
    with Session(engine) as session:
        yield session


Db = Annotated[Session, Depends(opened)]


def signed_in(authorization: str = Header(default="")) -> str:
    if authorization != "Bearer vet":
        raise HTTPException(401)
    return "vet"


app = FastAPI()


@app.get("/vets/{vet}")
def read(vet: int, db: Db, who: Annotated[str, Depends(signed_in)]) -> dict[str, object]:
    return {name: value for name, value in vars(db.get(Vet, vet)).items() if not name.startswith("_")}


@app.get("/vets")
def index(db: Db) -> list[str]:
    return list(db.scalars(select(Vet.name).limit(20)))
"""


def checked(place: Path, files: dict[str, str], **asked: object) -> CheckResult:
    for name, text in files.items():
        (place / name).write_text(text, encoding="utf-8")
    python = environment(*TODAY, "pytest", "httpx")
    return check(CheckRequest.model_validate({"project": place, "python": python, **asked}))


def found(result: CheckResult) -> set[tuple[str, int]]:
    return {(one.file, one.line) for one in result.findings}


@pytest.mark.parametrize("name", BY_RUN)
def test_a_rule_by_run_finds_what_is_marked_in_bad_and_nothing_in_good(name: str, tmp_path: Path) -> None:
    for section in ("Bad", "Good"):
        for example in load(name).page.examples(section):
            assert_as_marked(tmp_path / section, example, name)


def assert_as_marked(place: Path, example: Example, name: str) -> None:
    place.mkdir()
    result = checked(place, example.files, select=(name,), coverage=True)
    assert found(result) == example.marked
    assert all(one.certainty == "shown by a run" for one in result.findings)


def test_the_value_of_a_secret_column_that_comes_back_behind_a_guard_is_shown_by_a_run(tmp_path: Path) -> None:
    (finding,) = checked(tmp_path, {"main.py": VETS}, select=("secret-in-response",), rows=True).findings
    assert finding.endpoint == "GET /vets/{vet}"
    assert finding.certainty == "shown by a run"
    assert "Vet.password_hash" in finding.message


def test_without_tests_nothing_is_said_to_be_tested(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the project has none"):
        checked(tmp_path, {"main.py": VETS}, coverage=True)
