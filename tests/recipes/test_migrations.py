"""`add migrations`: Alembic where there was none, whose first revision is what the models say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.projects import TODAY, environment
from tests.recipes.account_apps import App, failed, foreign


@pytest.fixture(scope="module")
def with_alembic() -> Path:
    return environment(*TODAY, "alembic", "pytest", "pytest-asyncio", "httpx2", "httpx", "pyjwt")


def in_it(app: App, python: Path) -> App:
    return App(app.root, python)


def test_an_app_with_alembic_has_it_already(tmp_path: Path) -> None:
    assert foreign("meterbox", tmp_path).add("migrations").already == "the project has Alembic (alembic.ini)"


@pytest.mark.slow
def test_an_app_without_alembic_is_lent_one_and_told_what_to_install(tmp_path: Path) -> None:
    app = foreign("roastery", tmp_path, without="tests")
    before = app.files()
    result = app.add("migrations")
    assert result.landed, result.refusal or result.proof
    assert "pip install alembic" in " ".join(result.explanation.risks)
    assert "+alembic\n" in result.diff
    app.undo()
    assert app.files() == before


@pytest.mark.slow
@pytest.mark.parametrize("name", ["roastery", "parcelhub", "game_lobby"])
def test_it_lands_and_undo_brings_back_every_byte(name: str, tmp_path: Path, with_alembic: Path) -> None:
    app = in_it(foreign(name, tmp_path), with_alembic)
    before = app.files()
    result = app.add("migrations")
    assert result.landed, result.refusal or result.proof
    assert {step.name: step.status for step in result.proof.steps}["migrations"] == "passed"
    app.undo()
    assert app.files() == before


@pytest.mark.slow
def test_later_recipes_write_the_next_revision(tmp_path: Path, with_alembic: Path) -> None:
    app = in_it(foreign("roastery", tmp_path, without="tests"), with_alembic)
    assert app.add("migrations").landed
    result = app.add("registration")
    assert result.landed, result.refusal or result.proof
    assert len(list((app.root / "migrations/versions").glob("*.py"))) == 2


@pytest.mark.slow
def test_tables_that_an_import_makes_are_in_the_way(tmp_path: Path, with_alembic: Path) -> None:
    result = in_it(foreign("tool_library", tmp_path), with_alembic).add("migrations")
    assert result.refusal is not None
    assert "makes all tables when it is imported" in result.refusal.reason or "cannot" in result.refusal.reason


@pytest.mark.slow
def test_a_revision_that_misses_a_table_is_not_proven(tmp_path: Path, with_alembic: Path) -> None:
    app = in_it(foreign("roastery", tmp_path, without="tests"), with_alembic)
    carried = app.broken("migrations", [('sa.Column("stock", sa.Integer(), nullable=False),', "")])
    assert failed(carried) >= {"migrations", "promise"}
