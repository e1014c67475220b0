"""`add soft-delete`: whoever asks is answered as after a deletion, and the row is still there."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.changes import Operation
from fastwright.errors import InputError
from tests.recipes.account_apps import App, foreign
from tests.recipes.styles import project
from tests.recipes.trials import Edit, altered, broken, broken_steps, evidence, swapped, without

# A deletion that takes a flag away, in a service, and forgets what was cached.
HIDDEN = {
    "models.py": """
        from sqlalchemy import create_engine
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

        engine = create_engine("sqlite:///cups.db")

        class Base(DeclarativeBase):
            pass

        class Cup(Base):
            __tablename__ = "cups"
            id: Mapped[int] = mapped_column(primary_key=True)
            is_active: Mapped[bool] = mapped_column(default=True)
    """,
    "services.py": """
        from sqlalchemy.orm import Session

        from models import Cup

        class Redis:
            def delete(self, key: str) -> None: ...

        client = Redis()

        def delete_cup(db: Session, cup_id: int) -> None:
            cup = db.get(Cup, cup_id)
            client.delete(cup_id)
            cup.is_active = False
            db.commit()
    """,
    "main.py": """
        from fastapi import Depends, FastAPI
        from sqlalchemy.orm import Session

        import services
        from models import Base, engine

        app = FastAPI()

        def get_db():
            with Session(engine) as session:
                yield session

        @app.delete("/cups/{cup_id}", status_code=204)
        def delete_cup(cup_id: int, db: Session = Depends(get_db)) -> None:
            services.delete_cup(db, cup_id)
    """,
}


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> App:
    app = foreign("parcelhub", tmp_path_factory.mktemp("marked"), without="tests")
    result = app.add("soft-delete", path="/api/v1/admin/depots")
    assert result.landed, result.proof
    assert evidence(result).endswith("as if the row was gone; it is still in depot, with deleted_at")
    return app


def test_the_endpoint_marks_and_a_listener_leaves_out(marked: App) -> None:
    router = (marked.root / "parcelhub/api/v1/admin/depots.py").read_text(encoding="utf-8")
    models = (marked.root / "parcelhub/models.py").read_text(encoding="utf-8")
    assert "    d.deleted_at = datetime.now(timezone.utc)\n" in router
    assert "def leave_out_deleted_depots(state: ORMExecuteState) -> None:" in models
    assert "from datetime import datetime\n" in models


def test_a_second_time_it_is_there(marked: App) -> None:
    already = marked.add("soft-delete", path="/api/v1/admin/depots").already
    assert already.startswith("Depot.deleted_at marks rows as deleted already (parcelhub/api/v1/admin/depots.py:")


def test_a_flag_of_the_app_s_own_counts_too(tmp_path: Path) -> None:
    already = foreign("tool_library", tmp_path).add("soft-delete", path="/tools").already
    assert already.startswith("Tool.retired marks rows as deleted already")


def test_a_flag_that_a_service_takes_away_counts_and_the_deletion_of_a_cached_answer_does_not(tmp_path: Path) -> None:
    already = project(tmp_path, HIDDEN).add("soft-delete", path="/cups").already
    assert already == "Cup.is_active marks rows as deleted already (services.py:13)"


def test_a_key_that_callers_give_is_refused(tmp_path: Path) -> None:
    refusal = foreign("shelfmark", tmp_path).add("soft-delete", path="/books").refusal
    assert refusal is not None
    assert "Book has the key isbn, which callers give" in refusal.reason


def test_sql_that_no_session_sees_is_refused_with_its_place(tmp_path: Path) -> None:
    app = foreign("parcelhub", tmp_path)
    file = app.root / "parcelhub/api/v1/depots.py"
    text = (
        file.read_text(encoding="utf-8")
        + '\n\ndef count(db):\n    return db.scalar(text("SELECT count(*) FROM depot"))\n'
    )
    file.write_text(f"from sqlalchemy import text\n{text}", encoding="utf-8")
    refusal = app.add("soft-delete", path="/api/v1/admin/depots").refusal
    assert refusal is not None
    assert [item.partition(":")[0] for item in refusal.items] == ["parcelhub/api/v1/depots.py"]


def test_where_nothing_is_deleted_that_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no endpoint at or below /orders deletes anything"):
        foreign("roastery", tmp_path).add("soft-delete", path="/orders")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "path"),
    [("conferly", "/talks"), ("greenhouse", "/api/v1/plants"), ("vetbook", "/patients/{patient_id}/visits")],
)
def test_it_lands_in_other_styles_and_undo_brings_back_every_byte(name: str, path: str, tmp_path: Path) -> None:
    app = foreign(name, tmp_path)
    before = app.files()
    result = app.add("soft-delete", path=path)
    assert result.landed, result.proof
    app.undo()
    assert app.files() == before


def without_the_listener(operation: Operation) -> Operation | None:
    return None if operation.kind == "add_code" else operation


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [
        without("mark_deleted"),
        without_the_listener,
        altered("mark_deleted", attribute="code"),
        swapped("is_(None)", "is_not(None)"),
    ],
    ids=["deleted still", "read still", "another column", "only the deleted are read"],
)
def test_what_is_broken_is_not_proven(edit: Edit, tmp_path: Path) -> None:
    app = foreign("parcelhub", tmp_path, without="tests")
    assert "promise" in broken_steps(broken(app, "soft-delete", edit, path="/api/v1/admin/depots"))
