"""What recipes read in the source before they change it: lists, callers, clients of tests, where new files go."""

from __future__ import annotations

from pathlib import Path
from sqlite3 import connect
from textwrap import dedent

import pytest

from fastwright.project.probe.columns import row_uuid
from fastwright.project.source import Function, Source
from fastwright.project.static import read_static
from fastwright.recipes._accounts.guarding import gives
from fastwright.recipes._app.layout import Layout
from fastwright.recipes._app.testing import test_style as style_of
from fastwright.recipes._reading import list_reads
from fastwright.recipes._recipe import Known
from fastwright.recipes._resource.objects import objects
from fastwright.recipes._routes import Routes

APP = "from fastapi import FastAPI\n\napp = FastAPI()\n"
SERVICE = """
class Base:
    async def everything(self, session):
        return (await session.exec(select(Book))).all()


class Books(Base):
    @staticmethod
    async def of_all(session):
        return (await session.scalars(select(Book))).all()


class Shop:
    books: Books

    def __init__(self):
        self.mine = Books()

    async def sold(self, session):
        return await self.books.of_all(session)

    async def kept(self, session):
        return await self.mine.everything(session)


def give() -> Books:
    return Books()


shelf = Books()
"""


def project(root: Path, **files: str) -> Known:
    for name, text in files.items():
        (root / f"{name}.py").write_text(dedent(text), encoding="utf-8")
    return Known(read_static(root), Source.read(root))


@pytest.mark.parametrize(
    "call",
    [
        "shelf.everything(session)",
        "service.shelf.of_all(session)",
        "Books.of_all(session)",
        "Books().everything(session)",
        "give().of_all(session)",
        "local.everything(session)",
        "Shop().sold(session)",
        "Shop().kept(session)",
    ],
)
def test_a_list_is_found_through_the_objects_that_read_it(call: str, tmp_path: Path) -> None:
    main = f"""
        from fastapi import FastAPI
        import service
        from service import Books, Shop, give, shelf


        app = FastAPI()


        async def show(session):
            local = Books()
            return await {call}
    """
    known = project(tmp_path, service=SERVICE, main=main)
    show = known.source.files["main.py"].definitions["show"][0]
    assert isinstance(show, Function)
    paths = list_reads(known, "main.py", show)
    assert [path[-1].file for path in paths] == ["service.py"]


@pytest.mark.parametrize(
    "tests",
    [
        """
        import unittest
        from fastapi.testclient import TestClient
        from main import app

        class TestAll(unittest.TestCase):
            def setUp(self):
                self.client = TestClient(app)

            def test_it(self):
                self.client.get("/")
        """,
        """
        from fastapi.testclient import TestClient
        from main import app

        def test_it():
            client = TestClient(app)
            client.get("/")
        """,
    ],
    ids=["in setUp", "in a test"],
)
def test_tests_that_make_their_own_client_show_how(tests: str, tmp_path: Path) -> None:
    style = style_of(project(tmp_path, main=APP, test_main=tests))
    assert style is not None
    assert (style.client, style.given, style.file) == ("TestClient(app)", "", "test_main.py")


def test_a_client_of_what_only_one_test_has_is_no_way_for_others(tmp_path: Path) -> None:
    tests = """
        from fastapi.testclient import TestClient

        def test_it(make):
            app = make()
            TestClient(app).get("/")
    """
    assert style_of(project(tmp_path, main=APP, test_main=tests)) is None


def test_a_guard_gives_the_row_that_an_object_reads_for_it(tmp_path: Path) -> None:
    main = """
        from fastapi import FastAPI

        app = FastAPI()


        class Users:
            async def by_name(self, name, session):
                statement = select(User).where(User.name == name)
                result = await session.exec(statement)
                user = result.first()
                return user


        users = Users()


        async def current_user(session):
            user = await users.by_name("ada", session)
            return user


        async def token(session):
            found = await users.by_name("ada", session)
            token = make(found)
            return token
    """
    known = project(tmp_path, main=main)
    found = known.source.files["main.py"].definitions
    guards = [node for name in ("current_user", "token") for node in found[name] if isinstance(node, Function)]
    assert [gives(known, "main.py", one, "User") for one in guards] == [True, False]


def test_new_domains_are_laid_out_as_the_others_are(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    for name in ("books", "tags", "db"):
        (shop / name).mkdir(parents=True)
        (shop / name / "__init__.py").touch()
    for name in ("books", "tags"):
        text = f'from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get("/{name}")\ndef show(): ...\n'
        (shop / name / "routes.py").write_text(text, encoding="utf-8")
        (shop / name / "schemas.py").write_text("class Shown: ...\n", encoding="utf-8")
    included = "app.include_router(books)\napp.include_router(tags)\n"
    imports = "from shop.books.routes import router as books\nfrom shop.tags.routes import router as tags\n"
    (shop / "__init__.py").write_text(f"{imports}{APP}{included}", encoding="utf-8")
    known = Known(read_static(tmp_path), Source.read(tmp_path))
    layout = Layout(known, Routes(known))
    assert layout.domains == ["books", "tags"]
    assert layout.place("router", "shelf", "shelves").file == "shop/shelves/routes.py"
    assert layout.place("schemas", "shelf", "shelves").file == "shop/shelves/schemas.py"


def test_sqlite_takes_no_key_of_a_row_for_a_number() -> None:
    with connect(":memory:") as database:
        database.execute("CREATE TABLE row (key UUID)")  # a type that it does not know, so numbers are preferred
        database.execute("INSERT INTO row VALUES (?)", [row_uuid(1).hex])
        kept = database.execute("SELECT typeof(key) FROM row").fetchone()
    database.close()
    assert kept == ("text",)


@pytest.mark.parametrize(
    ("made", "call", "variable"),
    [("book_service = BookService()", "book_service", "{}_service"), ("", "BookService", "{}Service")],
    ids=["an instance beside the endpoints", "the class itself"],
)
def test_a_class_of_queries_need_not_be_made_where_it_stands(
    made: str, call: str, variable: str, tmp_path: Path
) -> None:
    service = """
        from sqlalchemy import select
        from sqlalchemy.ext.asyncio import AsyncSession
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


        class Base(DeclarativeBase): ...


        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)


        class BookService:
            @classmethod
            async def everything(cls, session: AsyncSession):
                return (await session.scalars(select(Book))).all()


        class BookShown:
            @classmethod
            def of(cls, row): ...
    """
    main = f"""
        from fastapi import FastAPI
        from service import BookService, BookShown

        {made}
        app = FastAPI()


        @app.get("/books")
        async def show(session):
            books = [BookShown.of(row) for row in await {call}.everything(session)]
            return books or BookShown.of(None)
    """
    known = project(tmp_path, service=service, main=main)
    found = objects(known, frozenset({"main.py"}))
    assert found is not None
    assert (found.kind, found.variable, found.siblings) == ("{}Service", variable, ("service.py",))
    assert found.is_class is not bool(made)
