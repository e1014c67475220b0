"""`add cache`: what strangers get is kept until it is old or anybody writes; what others get is never kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.errors import InputError
from fastwright.project.where import Where
from fastwright.proof.ground import standing_on
from fastwright.recipes._catalog import recipe_named
from fastwright.recipes._recipe import Plan
from fastwright.recipes.cache import Cache
from fastwright.verbs.rehearsing import knowing
from tests.recipes.account_apps import App, foreign
from tests.recipes.styles import project
from tests.recipes.trials import Edit, altered, broken, broken_steps, evidence, one_test_more, swapped, without

OWN_CACHE = {
    "menu.py": """
        _kept: dict[str, list[str]] = {}

        def cache_get(key: str) -> list[str] | None:
            return _kept.get(key)

        def all_dishes() -> list[str]:
            return cache_get("dishes") or ["soup"]
    """,
    "main.py": """
        from fastapi import FastAPI

        import menu

        app = FastAPI()

        @app.get("/menu")
        def read_menu() -> list[str]:
            return menu.all_dishes()

        @app.get("/tables")
        def read_tables() -> list[int]:
            return [1, 2]
    """,
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> App:
    app = foreign("roastery", tmp_path_factory.mktemp("kept"), without="tests")
    result = app.add("cache", path="/coffees", ttl=30)
    assert result.landed, result.proof
    assert evidence(result).startswith("1 endpoint: kept for strangers for 30 s, ")
    assert evidence(result).endswith("never for who sends credentials")
    return app


def test_only_the_reads_below_the_path_are_kept(kept: App) -> None:
    main = (kept.root / "backend/main.py").read_text(encoding="utf-8")
    assert r'ResponseCacheMiddleware, paths=[r"/coffees/", r"/coffees/[^/]+"], ttl=30' in main


def test_a_second_time_it_is_there(kept: App) -> None:
    assert kept.add("cache", path="/coffees").already == "ResponseCacheMiddleware: the app has a cache"


def test_a_read_that_asks_a_cache_of_the_app_s_own_gets_no_second_one(tmp_path: Path) -> None:
    app = project(tmp_path, OWN_CACHE)
    already = app.add("cache", path="/menu").already
    assert already == "GET /menu asks cache_get (menu.py:7): that is a cache already"
    with standing_on(Where(project=app.root, python=app.python)) as ground:
        answer = recipe_named("cache").plan(knowing(ground), Cache(path="/"))
    assert isinstance(answer, Plan)
    assert "Left as it is: GET /menu asks cache_get (menu.py:7), a cache of its own." in answer.decisions
    assert "/tables" in str(answer.change)
    assert "/menu" not in str(answer.change)


def test_a_path_without_reads_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing is read at or below /login"):
        foreign("tool_library", tmp_path).add("cache", path="/login")


@pytest.mark.slow
def test_what_is_for_known_callers_gets_etags_and_the_guard_is_asked_each_time(tmp_path: Path) -> None:
    app = foreign("greenhouse", tmp_path, without="app/tests")
    before = app.files()
    result = app.add("cache", path="/api/v1/plants")
    assert result.landed, result.proof
    assert "with an ETag, and 304 to who sends it; strangers as before" in evidence(result)
    app.undo()
    assert app.files() == before


@pytest.mark.slow
@pytest.mark.parametrize(("name", "path"), [("tool_library", "/tools"), ("game_lobby", "/tables")])
def test_it_lands_with_tests_in_other_styles_and_undo_brings_back_every_byte(
    name: str, path: str, tmp_path: Path
) -> None:
    app = foreign(name, tmp_path)
    before = app.files()
    result = app.add("cache", path=path)
    assert result.landed, result.proof
    assert one_test_more(result)
    app.undo()
    assert app.files() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [
        without("add_middleware"),
        swapped("if any(PERSONAL.search(name) for name, _value in scope", "if any(None for name, _value in scope"),
        swapped('return scope["path"], scope["query_string"]', 'return scope["path"], b""'),
        swapped("        self.writes += 1\n        self.entries.clear()", "        self.writes += 1"),
        swapped("age < self.ttl", "age < 10 * self.ttl"),
        altered("add_middleware", options={"paths": '[r"/coffees/"]', "ttl": "5"}),
        swapped(
            "start, *rest = messages\n            await",
            'start, *rest = messages\n            rest[-1]["body"] = b"[0]"\n            await',
        ),
        altered("add_middleware", options={"paths": '[r".*"]', "ttl": "60"}),
    ],
    ids=[
        "not attached",
        "for known callers too",
        "whatever is asked",
        "writes forget nothing",
        "for longer",
        "for shorter",
        "another body",
        "everything",
    ],
)
def test_what_is_broken_is_not_proven(edit: Edit, tmp_path: Path) -> None:
    app = foreign("roastery", tmp_path, without="tests")
    broken_steps(broken(app, "cache", edit, path="/coffees"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [
        swapped('message["status"] != 200', 'message["status"] == 999'),
        swapped('"private, no-cache"', '"public, max-age=60"'),
    ],
    ids=["answers strangers by itself", "for everybody"],
)
def test_etags_that_are_broken_are_not_proven(edit: Edit, tmp_path: Path) -> None:
    app = foreign("greenhouse", tmp_path, without="app/tests")
    assert "promise" in broken_steps(broken(app, "cache", edit, path="/api/v1/plants"))
