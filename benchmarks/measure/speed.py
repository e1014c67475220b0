"""How long measuring takes beyond the import of the app: `python -m benchmarks.measure.speed PYTHON`.

Two apps are written for it: six endpoints, and two hundred. PYTHON is an interpreter that has FastAPI and SQLAlchemy.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from fastwright.measure.running import Laboratory, Wish
from fastwright.project.locate import find_entry
from fastwright.project.read import read_source
from fastwright.proof.guard import Guard

_HEAD = """
from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

engine = create_engine("sqlite:///bench.db")
app = FastAPI()

class Base(DeclarativeBase): pass

class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)

def session():
    with Session(engine) as one:
        yield one
"""
# A model with children, and three endpoints: a list that grows, one that does not, and one row.
_PART = """
class Parent{n}(Base):
    __tablename__ = "parent{n}"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    children: Mapped[list["Child{n}"]] = relationship()

class Child{n}(Base):
    __tablename__ = "child{n}"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("parent{n}.id"))
    text: Mapped[str]

class ChildOut{n}(Out):
    text: str

class ParentOut{n}(Out):
    name: str
    children: list[ChildOut{n}]

@app.get("/parents{n}")
def parents{n}(db: Session = Depends(session)) -> list[ParentOut{n}]:
    return db.scalars(select(Parent{n})).all()

@app.get("/children{n}")
def children{n}(db: Session = Depends(session)) -> list[ChildOut{n}]:
    return db.scalars(select(Child{n})).all()

@app.get("/parents{n}/{{parent_id}}")
def parent{n}(parent_id: int, db: Session = Depends(session)) -> ParentOut{n}:
    return db.get(Parent{n}, parent_id)
"""


def main(python: Path) -> None:
    """Print a line for each app."""
    for parts in (2, 67):
        with tempfile.TemporaryDirectory() as directory, Guard() as guard:
            root = Path(directory) / "project"
            root.mkdir()
            (root / "main.py").write_text(_HEAD + "".join(_PART.format(n=n) for n in range(parts)), encoding="utf-8")
            entry, _others = find_entry(read_source(root))
            laboratory = Laboratory(Path(directory), python, entry, {}, guard)
            began, used = time.perf_counter(), _processor_seconds()
            measured = laboratory.measure(root, Wish())
            whole, imported = time.perf_counter() - began, measured.seconds["import"]
        count = len(measured.endpoints)
        beyond = f"{whole - imported:.2f} s beyond the import of {imported:.2f} s"
        print(f"{count} endpoints: {beyond}; {_processor_seconds() - used:.2f} s of processors for all of it")


def _processor_seconds() -> float:
    """Return what the children have used so far: on a machine that others use, too, it tells more than a clock."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(Path(sys.argv[1]))
