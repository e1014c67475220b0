"""`check --fix`: what has one safe answer is fixed on a copy, proven there, and only then written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fastwright.changes import Change
from fastwright.changes.outcome import Refused
from fastwright.project.static import read_static_source
from fastwright.rules import load, names
from fastwright.rules._audit import Audit, audit
from fastwright.rules._engine.finding import Finding
from fastwright.rules._engine.reading import list_files, parse_files
from fastwright.verbs.check import CheckRequest, check
from fastwright.verbs.fixing import fix
from tests.project.projects import TODAY, environment
from tests.rules.documented import findings

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


@pytest.mark.parametrize("name", [name for name in names() if load(name).fix is not None])
def test_the_fix_of_a_rule_turns_its_bad_example_into_a_good_one_and_is_made_once(name: str, tmp_path: Path) -> None:
    fixable = 0
    for number, example in enumerate(load(name).page.examples("Bad")):
        place = tmp_path / str(number)
        before = findings(place, example.files, name)
        changes = [change for _finding, change in fixes(place, name)]
        for change in changes:
            assert not [one for one in change.attempt(place) if isinstance(one, Refused)]
        assert [one.line for one in before if one.fixable] == sorted(
            {one.line for one in before} - {one.line for one in audited(place, name).findings}
        )
        again = {path: path.read_bytes() for path in place.rglob("*.py")}
        for change in changes:
            change.attempt(place)
        assert {path: path.read_bytes() for path in place.rglob("*.py")} == again
        fixable += len(changes)
    assert fixable


def audited(place: Path, name: str) -> Audit:
    files = parse_files(place, *list_files(place, lambda _path: False))
    return audit(files, read_static_source(files.source) if has_app(place) else None, [name])


def has_app(place: Path) -> bool:
    return any("FastAPI(" in path.read_text(encoding="utf-8") for path in place.rglob("*.py"))


def fixes(place: Path, name: str) -> list[tuple[Finding, Change]]:
    """Return the changes for what is found, the last one in the file first, as `check --fix` makes them."""
    found = audited(place, name)
    pairs = zip(found.findings, found.found, strict=True)
    made = [(finding, known.fix(found.view, one)) for finding, (known, one) in pairs if known.fix is not None]
    return [(finding, change) for finding, change in reversed(made) if change is not None]


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
