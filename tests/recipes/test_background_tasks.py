"""`add background-tasks`: slow side work comes after the answer, and no answer fails with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recipes.account_apps import App, foreign
from tests.recipes.styles import project
from tests.recipes.trials import Edit, broken, broken_steps, evidence, swapped

NEWS = """

async def announce(title: str) -> None:
    async with httpx.AsyncClient() as client:
        await client.post("https://news.example/talks", json={"title": title})
"""
BOARD = """

def write_on_the_board(line: str) -> None:
    with open("board.txt", "a", encoding="utf-8") as board:
        board.write(line)


app = FastAPI("""
LETTER = """

def send_email(*, email_to: str, subject: str) -> None:
    with smtplib.SMTP("mail.example") as connection:
        connection.sendmail("greenhouse@example.com", email_to, subject)
"""


def rewritten(app: App, file: str, *changes: tuple[str, str]) -> App:
    """Return an app in which the first of each of these texts is another one."""
    path = app.root / file
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return app


# Side work that reads rows, by a session that it is given.
BOOKS = {
    "db.py": """
        from sqlalchemy import create_engine
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

        engine = create_engine("sqlite:///./books.db")
        SessionLocal = sessionmaker(bind=engine)


        class Base(DeclarativeBase):
            pass


        class Book(Base):
            __tablename__ = "books"

            id: Mapped[int] = mapped_column(primary_key=True)
            title: Mapped[str]


        def get_db():
            db = SessionLocal()
            try:
                yield db
            finally:
                db.close()
    """,
    "posters.py": """
        from sqlalchemy.orm import Session

        from db import Book


        def print_poster(shelf: int, db: Session, *, size: str | None) -> None:
            titles = [book.title for book in db.query(Book).filter(Book.id <= shelf)]
            with open("poster.txt", "w", encoding="utf-8") as poster:
                poster.write(f"{size} {titles}")
    """,
    "main.py": """
        from fastapi import Depends, FastAPI
        from pydantic import BaseModel
        from sqlalchemy.orm import Session

        from db import Book, get_db
        from posters import print_poster

        app = FastAPI()


        class BookIn(BaseModel):
            title: str


        @app.post("/books")
        def create_book(body: BookIn, db: Session = Depends(get_db)) -> int:
            book = Book(title=body.title)
            db.add(book)
            db.commit()
            print_poster(book.id, db, size="A3")
            return book.id
    """,
}
OPENED = """
def print_poster_in_background(shelf: int, *, size: str | None) -> None:
    \"\"\"Open a session for it: that of the request is closed by then.\"\"\"
    with SessionLocal() as db:
        print_poster(shelf, db, size=size)
"""


def in_one_file(place: Path, call: str = "write_on_the_board(f'new: {tool.name}')") -> App:
    """Return the tool library with a board on which every new tool is written."""
    app = foreign("tool_library", place)
    added = "db.refresh(tool)\n    return tool"
    calling = added.replace("    return", f"    {call}\n    return")
    return rewritten(app, "main.py", ("\n\napp = FastAPI(", BOARD), (added, calling))


def asynchronous(place: Path) -> App:
    """Return the conference with announcements of every talk."""
    app = foreign("conferly", place, without="tests")
    (app.root / "conferly/news.py").write_text(f"import httpx\n{NEWS}", encoding="utf-8")
    return rewritten(
        app,
        "conferly/talks/router.py",
        ("from conferly.database", "from conferly import news\nfrom conferly.database"),
        (
            "    await session.commit()\n    return await load(session, talk.id)",
            "    await session.commit()\n    await news.announce(talk.title)\n    return await load(session, talk.id)",
        ),
    )


def in_layers(place: Path) -> App:
    """Return the greenhouse with a mail for everybody who makes an account."""
    app = foreign("greenhouse", place)
    (app.root / "app/letters.py").write_text(f"import smtplib\n{LETTER}", encoding="utf-8")
    created = "    user_create = UserCreate.model_validate(user_in, from_attributes=True)\n"
    sent = """    if user_in.email:
        send_email(
            email_to=user_in.email,
            subject="Hello",
        )
"""
    return rewritten(
        app,
        "app/routers/users.py",
        ("from app.models", "from app.letters import send_email\nfrom app.models"),
        (created, created + sent),
    )


def test_where_nothing_is_done_on_the_side_it_says_so(tmp_path: Path) -> None:
    refusal = foreign("hookrelay", tmp_path).add("background-tasks").refusal
    assert refusal is not None
    assert refusal.reason.startswith("no endpoint there mails, asks others over HTTP or writes a file")


def test_an_app_with_tasks_has_it_already(tmp_path: Path) -> None:
    already = foreign("roastery", tmp_path).add("background-tasks").already
    assert already.startswith("POST /orders/ hands its side work to BackgroundTasks (backend/controllers/")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("write_on_the_board(db)", "db is the session of the request, which is closed by then"),
        ("write_on_the_board(tool)", "tool is a row of the request's session"),
        (
            "try:\n        write_on_the_board(tool.name)\n    except OSError:\n        pass",
            "its errors are handled there",
        ),
    ],
)
def test_what_needs_the_request_stays_where_it_is(call: str, why: str, tmp_path: Path) -> None:
    refusal = in_one_file(tmp_path, call).add("background-tasks", path="/tools").refusal
    assert refusal is not None
    assert [item.rpartition(": ")[2] for item in refusal.items] == [why]


@pytest.mark.slow
def test_in_one_file_the_call_becomes_a_task_and_undo_brings_back_every_byte(tmp_path: Path) -> None:
    app = in_one_file(tmp_path)
    before = app.files()
    result = app.add("background-tasks")
    assert result.landed, result.proof
    text = (app.root / "main.py").read_text(encoding="utf-8")
    assert "    background_tasks.add_task(write_on_the_board, f'new: {tool.name}')\n" in text
    assert "the request failed with it; now it is answered" in evidence(result)
    app.undo()
    assert app.files() == before


@pytest.mark.slow
def test_what_is_given_the_session_of_the_request_gets_one_of_its_own(tmp_path: Path) -> None:
    app = project(tmp_path, BOOKS)
    before = app.files()
    result = app.add("background-tasks")
    assert result.landed, result.refusal or result.proof
    text = (app.root / "main.py").read_text(encoding="utf-8")
    assert OPENED in text
    assert "from db import Book, SessionLocal, get_db\n" in text
    assert '    background_tasks.add_task(print_poster_in_background, book.id, size="A3")\n' in text
    app.undo()
    assert app.files() == before


@pytest.mark.slow
def test_what_leaves_the_commit_to_the_endpoint_stays_where_it_is(tmp_path: Path) -> None:
    files = BOOKS | {"posters.py": BOOKS["posters.py"].replace("titles = ", "db.add(Book(title='poster')); titles = ")}
    refusal = project(tmp_path, files).add("background-tasks").refusal
    assert refusal is not None
    (item,) = refusal.items
    assert item.endswith("db is the session of the request, and what is done with it is committed there")


@pytest.mark.slow
def test_what_is_awaited_through_a_module_becomes_a_task(tmp_path: Path) -> None:
    app = asynchronous(tmp_path)
    result = app.add("background-tasks", path="/talks")
    assert result.landed, result.proof
    router = (app.root / "conferly/talks/router.py").read_text(encoding="utf-8")
    assert "    background_tasks.add_task(news.announce, talk.title)\n" in router


@pytest.mark.slow
def test_arguments_keep_their_lines(tmp_path: Path) -> None:
    app = in_layers(tmp_path)
    result = app.add("background-tasks", path="/api/v1/users")
    assert result.landed, result.proof
    router = (app.root / "app/routers/users.py").read_text(encoding="utf-8")
    task = "        background_tasks.add_task(\n            send_email,\n            email_to=user_in.email,\n"
    assert task in router


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [
        swapped("background_tasks.add_task(news.announce, talk.title)", "await news.announce(talk.title)"),
        swapped("background_tasks.add_task(news.announce, talk.title)", "del background_tasks"),
    ],
    ids=["still before the answer", "never"],
)
def test_what_is_broken_is_not_proven(edit: Edit, tmp_path: Path) -> None:
    app = asynchronous(tmp_path)
    assert "promise" in broken_steps(broken(app, "background-tasks", edit, path="/talks"))
