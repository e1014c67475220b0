"""Why a request is slow, found in apps that are written for it: the cause, its place, and what is no cause at all."""

from __future__ import annotations

import pytest

from fastwright.measure.model import Blocking, DeferredLoad, ExpiredReload, LazyLoad, MissingIndex
from tests.measure.laboratory import Measure, Measured

APP = """
import asyncio, hashlib, time
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel, ConfigDict

class Author(Base):
    __tablename__ = "author"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    biography: Mapped[str] = mapped_column(Text, deferred=True)
    books: Mapped[list["Book"]] = relationship()

class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    isbn: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"), index=True)

class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)

class AuthorOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    name: str

def current_user(token: str = Depends(OAuth2PasswordBearer("token")), session: Session = Depends(open_session)) -> User:
    raise HTTPException(401)

@app.get("/expired")
def expired(session: Session = Depends(open_session)) -> list[AuthorOut]:
    authors = session.scalars(select(Author).limit(10000)).all()
    session.commit()
    return authors

@app.get("/deferred")
def deferred(session: Session = Depends(open_session)):
    return [one.biography for one in session.scalars(select(Author).limit(10000))]

@app.get("/searched")
def searched(isbn: str, session: Session = Depends(open_session)):
    return session.scalars(select(Book.title).where(Book.isbn == isbn).limit(1)).all()

@app.get("/found")
def found(session: Session = Depends(open_session)):
    return session.scalars(select(Book.title).where(Book.author_id == 1).limit(1)).all()

@app.get("/all")
def everything(session: Session = Depends(open_session)) -> list[AuthorOut]:
    return session.scalars(select(Author)).all()

@app.get("/twice")
def twice(session: Session = Depends(open_session)):
    for _ in range(2):
        session.execute(select(Book.id).where(Book.id == 1)).all()
    return {}

@app.get("/sleeping")
async def sleeping():
    time.sleep(0.05)
    return {}

@app.get("/hashing")
async def hashing():
    hashlib.pbkdf2_hmac("sha256", b"secret", b"salt", 200_000)
    return {}

@app.get("/in-a-thread")
def in_a_thread():
    time.sleep(0.02)
    hashlib.pbkdf2_hmac("sha256", b"secret", b"salt", 100_000)
    return {}

@app.get("/waiting")
async def waiting():
    await asyncio.sleep(0.05)
    return {}

@app.get("/blocking-session")
async def blocking_session(session: Session = Depends(open_session)):
    return session.scalars(select(Book.id).limit(1)).all()

@app.get("/me")
def me(user: User = Depends(current_user)):
    return {"email": user.email}

@app.get("/missing")
def missing():
    raise HTTPException(404, "nothing here")
"""


@pytest.fixture(scope="module")
def slow(measure: Measure) -> Measured:
    return measure(APP)


def test_rows_that_a_commit_has_expired_are_told_with_the_place_of_the_commit(slow: Measured) -> None:
    (cause,) = slow.causes("/expired")
    assert isinstance(cause, ExpiredReload)
    assert cause.model == "Author"
    assert cause.site is not None
    assert cause.site.function == "expired"
    assert slow.counts("/expired") == {3: 4, 30: 31}


def test_a_deferred_column_that_is_read_for_each_row_is_found(slow: Measured) -> None:
    (cause,) = slow.causes("/deferred")
    assert isinstance(cause, DeferredLoad)
    assert cause.columns == ("biography",)


def test_a_column_that_is_searched_without_an_index_is_told_with_both_plans(slow: Measured) -> None:
    (note,) = slow.notes("/searched")
    assert isinstance(note, MissingIndex)
    assert (note.table, note.columns) == ("book", ("isbn",))
    assert "SCAN" in note.plan_before
    assert "USING INDEX" in note.plan_after
    assert slow.notes("/found") == ()


def test_a_list_without_an_end_and_a_repeated_statement_are_told(slow: Measured) -> None:
    assert [note.kind for note in slow.notes("/all")] == ["unbounded_list"]
    assert [note.kind for note in slow.notes("/twice")] == ["repeated_statement"]
    assert slow.causes("/twice") == ()


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/sleeping", "time.sleep"),
        ("/hashing", "a password hash"),
        ("/blocking-session", "a session that is not async"),
    ],
)
def test_what_makes_the_event_loop_wait_is_named_with_its_line(slow: Measured, path: str, what: str) -> None:
    blocking = [note for note in slow.notes(path) if isinstance(note, Blocking)]
    assert what in [note.what for note in blocking]
    assert all(note.site is not None and note.site.file == "main.py" for note in blocking)


@pytest.mark.parametrize("path", ["/in-a-thread", "/waiting", "/me"])
def test_what_runs_in_a_thread_or_awaits_makes_nobody_wait(slow: Measured, path: str) -> None:
    assert slow.notes(path) == ()


def test_the_time_of_a_request_is_split_into_its_parts(slow: Measured) -> None:
    spent = slow.request("/waiting").spent
    assert spent is not None
    assert max(spent.parts, key=lambda part: spent.parts[part]) == "waiting"
    hashing = slow.request("/hashing").spent
    assert hashing is not None
    assert max(hashing.parts, key=lambda part: hashing.parts[part]) == "hashing"


def test_the_caller_is_a_row_of_the_app_s_own_users(slow: Measured) -> None:
    assert slow.request("/me").succeeded


def test_what_could_not_be_driven_is_told_with_the_reason(slow: Measured) -> None:
    assert "nothing here" in slow.measurement.undriven(slow.number("/missing"))


def test_a_lazy_load_behind_accents_has_exact_columns_in_bytes(measure: Measure) -> None:
    app = measure(
        """
        class Café(Base):
            __tablename__ = "cafe"
            id: Mapped[int] = mapped_column(primary_key=True)
            tables: Mapped[list["Seat"]] = relationship()

        class Seat(Base):
            __tablename__ = "seat"
            id: Mapped[int] = mapped_column(primary_key=True)
            cafe_id: Mapped[int] = mapped_column(ForeignKey("cafe.id"))

        @app.get("/cafés")
        def cafés(session: Session = Depends(open_session), limit: int = 5):
            été = "éé"; found = session.scalars(select(Café).limit(limit)).all()
            return [len(one.tables) for one in found]
        """
    )
    (cause,) = app.causes("/cafés")
    assert isinstance(cause, LazyLoad)
    line = (app.root / "main.py").read_bytes().splitlines()[cause.site.line - 1]
    assert line[cause.site.column : cause.site.end_column].decode() == "session.scalars(select(Café).limit(limit))"


def test_an_app_without_sqlalchemy_is_measured_too(measure: Measure) -> None:
    app = measure(
        """
        import sys

        sys.modules["sqlalchemy"] = None
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/")
        def root():
            return {}
        """,
        head="",
    )
    assert app.counts("/") == {3: 0, 30: 0}
    assert app.measurement.undriven(0) == ""
