"""The same on PostgreSQL: the app keeps its driver and its types, and never reaches its own server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fastwright.measure.model import LazyLoad, MissingIndex
from fastwright.measure.postgres import embedded_server
from fastwright.proof.guard import Guard
from tests.measure.laboratory import Measure, measurer
from tests.project.projects import environment

pytestmark = pytest.mark.slow

PACKAGES = ("fastapi==0.165.*", "sqlalchemy[asyncio]==2.1.*", "asyncpg", "psycopg[binary]")
HEAD = """
import enum
from fastapi import Depends, FastAPI
from sqlalchemy import *
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import *

engine = create_async_engine("postgresql+asyncpg://me:secret@db.internal:5432/production")
sync_engine = create_engine("postgresql+psycopg://me:secret@db.internal:5432/production")
app = FastAPI()

class Base(DeclarativeBase):
    pass

class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"

class Shelf(Base):
    __tablename__ = "shelf"
    __table_args__ = {"schema": "stock"}
    id: Mapped[int] = mapped_column(primary_key=True)
    colour: Mapped[Colour]
    labels: Mapped[list[str]] = mapped_column(ARRAY(String))
    facts: Mapped[dict] = mapped_column(JSONB)
    jars: Mapped[list["Jar"]] = relationship()

class Jar(Base):
    __tablename__ = "jar"
    __table_args__ = {"schema": "stock"}
    id: Mapped[int] = mapped_column(primary_key=True)
    shelf_id: Mapped[int] = mapped_column(ForeignKey("stock.shelf.id"))

async def open_session():
    async with AsyncSession(engine) as session:
        yield session

def open_sync():
    with Session(sync_engine) as session:
        yield session

@app.get("/shelves")
async def shelves(session: AsyncSession = Depends(open_session), limit: int = 50):
    found = (await session.scalars(select(Shelf).limit(limit))).all()
    return [[one.colour.value, one.labels, await session.run_sync(lambda _s, one=one: len(one.jars))] for one in found]

@app.get("/count")
def count(session: Session = Depends(open_sync)):
    return session.scalar(select(func.count()).select_from(Jar).where(Jar.shelf_id == 1))
"""


@pytest.fixture(scope="module")
def measure_there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Measure]:
    directory = Path(tmp_path_factory.mktemp("postgres"))
    with Guard() as guard, embedded_server(directory, guard) as server:
        assert server is not None
        yield measurer(Path(tmp_path_factory.mktemp("measure")), guard, server, environment(*PACKAGES))


def test_growth_and_missing_indexes_are_found_with_both_kinds_of_driver(measure_there: Measure) -> None:
    app = measure_there("", head=HEAD)
    assert app.measurement.postgres
    assert app.problems == {}
    assert [app.measurement.undriven(number) for number in range(2)] == ["", ""]
    (cause,) = app.causes("/shelves")
    assert isinstance(cause, LazyLoad)
    assert [one.shown for one in cause.chain] == ["Shelf.jars"]
    (note,) = [note for note in app.notes("/count") if isinstance(note, MissingIndex)]
    assert "Seq Scan on jar" in note.plan_before
    assert "fastwright_tried" in note.plan_after
