"""What recipes read in the source before they change it: where a list comes from, and how tests make their client."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from fastwright.project.source import Function, Source
from fastwright.project.static import read_static
from fastwright.recipes._app.testing import test_style as style_of
from fastwright.recipes._reading import list_reads
from fastwright.recipes._recipe import Known

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
