"""`check --fix`: what has one safe answer is fixed on a copy, proven there, and only then written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fastwright.verbs.check import CheckRequest, check
from fastwright.verbs.fixing import fix
from tests.project.projects import TODAY, environment

MODEL = """\
from fastapi import FastAPI
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Shelf(Base):
    __tablename__ = "shelves"
    id: Mapped[int] = mapped_column(primary_key=True)


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelves.id"))


app = FastAPI()


@app.get("/health")
def health() -> str:
    return "ok"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    place = tmp_path / "project"
    place.mkdir()
    (place / "main.py").write_text(MODEL, encoding="utf-8")
    return place


@pytest.mark.slow
def test_a_fix_is_proven_and_lands_and_a_second_run_changes_nothing(project: Path) -> None:
    python = environment(*TODAY)
    request = CheckRequest(project=project, python=python, select=("unindexed-foreign-key",))
    tried = fix(request, dry_run=True)
    assert tried.proof.proven
    assert not tried.landed
    assert (project / "main.py").read_text(encoding="utf-8") == MODEL
    done = fix(request)
    assert [one.rule for one in done.fixed] == ["unindexed-foreign-key"]
    assert done.landed
    assert "index=True" in (project / "main.py").read_text(encoding="utf-8")
    assert check(request).clean
    again = fix(request)
    assert not again.fixed
    assert again.done


@pytest.mark.slow
def test_the_running_app_shows_which_endpoints_let_strangers_in(tmp_path: Path) -> None:
    place = Path(shutil.copytree(Path(__file__).parent.parent / "apps" / "vetbook", tmp_path / "vetbook"))
    python = environment("fastapi==0.128.*", "sqlalchemy==2.0.*", "pyjwt", "bcrypt", "python-multipart")
    result = check(CheckRequest(project=place, python=python, select=("endpoint-without-auth",)))
    assert not result.static
    shown = {one.endpoint: one.certainty for one in result.findings}
    assert shown == {
        "POST /patients/{patient_id}/discharge": "shown by a run",
        "DELETE /patients/{patient_id}/visits/{visit_id}": "shown by a run",
    }
