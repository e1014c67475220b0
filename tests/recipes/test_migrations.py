"""`add migrations`: Alembic where there was none, whose first revision is what the models say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.projects import TODAY, environment
from tests.recipes.account_apps import App, failed, foreign
from tests.recipes.styles import project


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


# Models, and an Alembic without a revision: what is missing is shown with the addresses of functions.
BEHIND = {
    "main.py": """
        import datetime
        import uuid

        from fastapi import FastAPI
        from sqlalchemy import create_engine, func
        from sqlalchemy.dialects.postgresql import JSONB
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

        engine = create_engine("sqlite:///shop.db")
        app = FastAPI()

        class Base(DeclarativeBase):
            pass

        class Parcel(Base):
            __tablename__ = "parcels"
            id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
            sent_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())
            labels: Mapped[dict] = mapped_column(JSONB)

        @app.get("/parcels")
        def parcels():
            return []
    """,
    "alembic.ini": "[alembic]\nscript_location = alembic\n",
    "alembic/env.py": """
        from alembic import context

        from main import Base, engine

        with engine.connect() as connection:
            context.configure(connection=connection, target_metadata=Base.metadata)
            with context.begin_transaction():
                context.run_migrations()
    """,
    "alembic/versions/.keep": "",
}


@pytest.mark.slow
def test_an_alembic_without_a_revision_gets_its_first_one_and_nothing_that_builds_on_it_before(tmp_path: Path) -> None:
    app = project(tmp_path, BEHIND)
    before = app.files()
    early = app.add("resource", resource="Scan place:str(1..40) parcel:->Parcel")
    assert early.refusal is not None
    assert early.refusal.reason.startswith("alembic/versions has no revision, so no migration makes the table parcels")
    assert "fastwright add migrations" in early.refusal.hint
    result = app.add("migrations")
    assert result.landed, result.refusal or result.proof
    (revision,) = (name for name in app.files() if name not in before)
    assert revision.startswith("alembic/versions/")
    # As text, `now()`, it would be a function that SQLite has not.
    assert b"server_default=sa.func.now()" in app.files()[revision]
    assert b"postgresql.JSONB(astext_type=sa.Text())" in app.files()[revision]
    assert app.add("migrations").already
    app.undo()
    assert app.files() == before


@pytest.mark.slow
def test_migrations_that_were_behind_their_models_before_refuse_nothing_and_that_is_told(tmp_path: Path) -> None:
    result = project(tmp_path, BEHIND).add("cors", origins=["https://shop.example"])
    assert result.landed, result.refusal or result.proof
    (told,) = (risk for risk in result.explanation.risks if "migrations" in risk)
    assert "and did not before the change: New upgrade operations detected: add table parcels" in told
    assert "0x" not in told
