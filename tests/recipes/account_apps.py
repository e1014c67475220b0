"""Apps that recipes of accounts are added to, and a way to break a plan on purpose before it is carried out."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

from fastwright.changes import Change, Operation
from fastwright.project.where import Where
from fastwright.proof.carrying import Carried, carry_out
from fastwright.proof.ground import standing_on
from fastwright.recipes._catalog import recipe_named
from fastwright.recipes._recipe import Plan
from fastwright.verbs.add import AddRequest, AddResult, add
from fastwright.verbs.rehearsing import knowing
from fastwright.verbs.undo import UndoRequest, undo
from tests.apps.corpus import copy, interpreter

# Pieces of new code, and what they are broken into.
Breaks = Sequence[tuple[str, str]]

SINGLE_FILE = """
    import datetime

    from fastapi import Depends, FastAPI
    from pydantic import BaseModel
    from sqlalchemy import Column, Integer, String, create_engine
    from sqlalchemy.orm import Session, declarative_base, sessionmaker

    engine = create_engine("sqlite:///./notes.db", connect_args={"check_same_thread": False})
    SessionLocal = sessionmaker(bind=engine)
    Base = declarative_base()


    class User(Base):
        __tablename__ = "users"
        id = Column(Integer, primary_key=True, index=True)
        email = Column(String, unique=True, index=True)
        hashed_password = Column(String)


    class Note(Base):
        __tablename__ = "notes"
        id = Column(Integer, primary_key=True)
        title = Column(String(100), nullable=False)


    Base.metadata.create_all(bind=engine)
    app = FastAPI()


    def get_db():
        db = SessionLocal()
        try:
            yield db
        finally:
            db.close()


    class NoteIn(BaseModel):
        title: str


    class NoteOut(NoteIn):
        id: int


    @app.get("/notes")
    def list_notes(db: Session = Depends(get_db)):
        return [{"id": note.id, "title": note.title} for note in db.query(Note).all()]


    @app.post("/notes", response_model=NoteOut)
    def create_note(note: NoteIn, db: Session = Depends(get_db)):
        row = Note(title=note.title)
        db.add(row)
        db.commit()
        return {"id": row.id, "title": row.title}


    if __name__ == "__main__":
        print(datetime.date.today())
"""


@dataclass(frozen=True)
class App:
    """A copy of an app, in a directory of the test's own, and the interpreter that it runs in."""

    root: Path
    python: Path

    def add(self, capability: str, **args: Any) -> AddResult:
        found = self.root / ".env.example"
        env_file = found if found.exists() else None
        request = AddRequest(capability=capability, args=args, project=self.root, python=self.python, env_file=env_file)
        return add(request)

    def undo(self) -> None:
        undo(UndoRequest(project=self.root))

    def broken(self, capability: str, breaks: Breaks, **args: Any) -> Carried:
        """Carry out the plan with its new code broken."""
        with standing_on(Where(project=self.root, python=self.python)) as ground:
            recipe = recipe_named(capability)
            plan = recipe.plan(knowing(ground), recipe.wish(**args))
            assert isinstance(plan, Plan)
            broken = [_broken(one, breaks) for one in plan.change.operations]
            assert broken != list(plan.change.operations), "nothing was broken"
            change = Change(summary=plan.change.summary, operations=tuple(broken))
            return carry_out(ground, change, plan.promise, dry_run=True)

    def files(self) -> dict[str, bytes]:
        """Return what the project holds, without the journal of Fastwright itself."""
        found = {path.relative_to(self.root).as_posix(): path for path in self.root.rglob("*") if path.is_file()}
        return {name: path.read_bytes() for name, path in found.items() if not name.startswith(".fastwright")}


def _broken(operation: Operation, breaks: Breaks) -> Operation:
    for name in ("code", "content"):
        if hasattr(operation, name):
            text = str(getattr(operation, name))
            for old, new in breaks:
                text = text.replace(old, new)
            return operation.model_copy(update={name: text})
    return operation


def foreign(name: str, place: Path, *, without: str = "") -> App:
    """Return an app of the corpus; without its tests, a proof is quick."""
    root = copy(name, place)
    if without:
        shutil.rmtree(root / without)
    return App(root, interpreter(name))


def single_file(place: Path) -> App:
    """Return an app in one file that has users, and nothing that they could do."""
    root = place / "notes"
    root.mkdir()
    (root / "main.py").write_text(dedent(SINGLE_FILE), encoding="utf-8")
    return App(root, interpreter("tool_library"))


def failed(carried: Carried) -> set[str]:
    """Return the names of the steps that did not hold."""
    return {step.name for step in carried.proof.failures}
