"""An edit lands only if nothing else is worse off; what it costs others is shown."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fastwright.verbs.optimize import OptimizeRequest, OptimizeResult, optimize
from tests.measure import corpus
from tests.measure.laboratory import HEAD
from tests.project.projects import environment

APPS = Path(__file__).resolve().parents[1] / "apps"
APP_PACKAGES = (
    "fastapi==0.165.*",
    "sqlalchemy[asyncio]==2.1.*",
    "aiosqlite",
    "asyncpg",
    "alembic",
    "argon2-cffi",
    "pytest",
    "anyio",
    "httpx",
)

SHARED = """
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    items: Mapped[list["Item"]] = relationship()

class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)

def load_users(session: Session):
    return session.scalars(select(User).order_by(User.id)).all()

@app.get("/growing")
def growing(session: Session = Depends(open_session)):
    return [len(user.items) for user in load_users(session)]
"""
NAMES = """
@app.get("/names")
def names(session: Session = Depends(open_session)):
    return [user.name for user in load_users(session)]
"""
# Without a response model, FastAPI writes out what an object has loaded: more, once the relation is loaded with it.
OBJECTS = """
@app.get("/objects")
def objects(session: Session = Depends(open_session)):
    return load_users(session)
"""


def optimized(root: Path, *parts: str, path: str = "") -> OptimizeResult:
    root.mkdir()
    (root / "main.py").write_text(HEAD + "".join(parts), encoding="utf-8")
    return optimize(OptimizeRequest(project=root, python=corpus.interpreter(), path=path))


@pytest.mark.slow
def test_what_an_edit_costs_another_endpoint_is_shown(tmp_path: Path) -> None:
    result = optimized(tmp_path / "app", SHARED, NAMES)
    assert result.landed
    counts = {one.path: (one.queries, one.after) for one in result.endpoints}
    assert counts["/growing"] == ({3: 4, 30: 31}, {3: 2, 30: 2})
    assert counts["/names"] == ({3: 1, 30: 1}, {3: 2, 30: 2})
    assert any("/names shares the code" in risk for risk in result.explanation.risks)


def test_an_edit_that_changes_the_answer_of_another_endpoint_does_not_land(tmp_path: Path) -> None:
    result = optimized(tmp_path / "app", SHARED, OBJECTS)
    assert not result.landed
    assert not result.done
    assert [left.reason for left in result.left] == ["GET /objects answers differently with it"]
    (advice,) = result.explanation.alternatives
    assert advice.endswith("(not done, since GET /objects answers differently with it)")
    assert (tmp_path / "app" / "main.py").read_text(encoding="utf-8") == HEAD + SHARED + OBJECTS


@pytest.mark.slow
def test_what_grows_outside_of_what_was_asked_for_is_named_and_counted_by_itself(tmp_path: Path) -> None:
    result = optimized(tmp_path / "app", SHARED, NAMES, path="/names")
    assert result.done
    assert result.explanation.summary.startswith("the one endpoint takes no more statements")
    (there,) = result.explanation.next_steps
    assert there.startswith("fastwright optimize /growing  # GET takes 4 → 31 statements")


@pytest.mark.slow
def test_an_index_is_added_where_that_is_asked_for_and_the_database_uses_it(tmp_path: Path) -> None:
    root = tmp_path / "app"
    root.mkdir()
    text = HEAD + (SHARED + NAMES).replace('ForeignKey("users.id"), index=True', 'ForeignKey("users.id")')
    (root / "main.py").write_text(text, encoding="utf-8")
    result = optimize(OptimizeRequest(project=root, python=corpus.interpreter(), indexes=True))
    assert result.landed
    assert "the database uses the new index" in next(
        one.evidence for one in result.proof.steps if one.name == "promise"
    )
    assert "index=True" in (root / "main.py").read_text(encoding="utf-8")


@pytest.mark.slow
def test_an_index_comes_with_a_migration_that_runs_up_and_down(tmp_path: Path) -> None:
    root = Path(shutil.copytree(APPS / "conferly", tmp_path / "conferly"))
    (root / "truth.json").unlink()
    python = environment(*APP_PACKAGES)
    result = optimize(OptimizeRequest(project=root, python=python, indexes=True))
    assert result.landed
    evidence = {one.name: one.evidence for one in result.proof.steps}
    assert "up, down, up" in evidence["migrations"]
    assert len(list((root / "migrations" / "versions").glob("*index_talks_by_speaker_id.py"))) == 1


@pytest.mark.slow
def test_a_migration_is_run_on_postgresql_where_that_is_the_database_of_the_app(tmp_path: Path) -> None:
    root = Path(shutil.copytree(APPS / "conferly", tmp_path / "conferly"))
    (root / "truth.json").unlink()
    settings = tmp_path / "settings.env"
    settings.write_text("CONFERLY_DATABASE=postgresql+asyncpg://me:secret@db.internal/conferly\n", encoding="utf-8")
    python = environment(*APP_PACKAGES)
    result = optimize(OptimizeRequest(project=root, python=python, indexes=True, env_file=settings, dry_run=True))
    assert "the migrations run up, down and up on PostgreSQL" in next(
        one.evidence for one in result.proof.steps if one.name == "promise"
    )
