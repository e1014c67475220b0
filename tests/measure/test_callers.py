"""Apps that find out who calls in their own ways, and engines that come late: measured as a user would be answered."""

from __future__ import annotations

import pytest

from fastwright.measure.model import LazyLoad
from tests.measure.laboratory import Measure, Measured

APP = """
import typing

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBearer
from sqlalchemy import *
from sqlalchemy.orm import *

app = FastAPI()
engines = []

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    notes: Mapped[list["Note"]] = relationship()

class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    tags: Mapped[list["Tag"]] = relationship()

class Tag(Base):
    __tablename__ = "tag"
    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), index=True)

def open_session():
    if not engines:
        engines.append(create_engine("sqlite:///late.db"))
    with Session(engines[0]) as session:
        yield session

def caller(session, token):
    email = jwt.decode(token.credentials, "secret", algorithms=["HS256"])["sub"]
    user = session.scalars(select(User).where(User.email == email)).first()
    if user is None:
        raise HTTPException(401, "no such user")
    return user

@app.get("/mine")
def mine(token=Depends(HTTPBearer()), session: Session = Depends(open_session)):
    return [len(note.tags) for note in caller(session, token).notes]

def may_read(token=Depends(HTTPBearer()), session: Session = Depends(open_session)) -> typing.Any:
    if not caller(session, token):
        raise HTTPException(403, "not yours")
    return True

@app.get("/titles", dependencies=[Depends(may_read)])
def titles(session: Session = Depends(open_session)):
    return [note.id for note in session.scalars(select(Note))]
"""


@pytest.fixture(scope="module")
def app(measure: Measure) -> Measured:
    return measure(APP, head="")


def test_a_token_that_is_read_in_the_body_of_an_endpoint_lets_the_caller_in(app: Measured) -> None:
    assert app.measurement.undriven(app.number("/mine")) == ""


def test_a_guard_that_says_it_returns_anything_lets_the_caller_in(app: Measured) -> None:
    assert app.measurement.undriven(app.number("/titles")) == ""


def test_an_engine_that_the_first_request_makes_has_the_rows(app: Measured) -> None:
    assert app.problems == {}
    assert app.counts("/mine")[30] > app.counts("/mine")[3]


def test_what_the_caller_owns_is_followed_to_the_statement_that_reads_the_caller(app: Measured) -> None:
    (cause,) = app.causes("/mine")
    assert isinstance(cause, LazyLoad)
    assert [one.shown for one in cause.chain] == ["User.notes", "Note.tags"]
    assert cause.site.function == "caller"
