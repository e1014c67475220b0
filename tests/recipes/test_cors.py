"""`add cors`: the origins that are meant may call from a browser, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.errors import InputError
from tests.recipes.account_apps import App, foreign
from tests.recipes.trials import Edit, broken, broken_steps, evidence, one_test_more, swapped, without

SHOP = "https://shop.example"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> App:
    app = foreign("hookrelay", tmp_path_factory.mktemp("shared"), without="tests")
    result = app.add("cors", origins=SHOP)
    assert result.landed, result.proof
    assert evidence(result).startswith(f"{SHOP} and no other origin may call")
    return app


def test_methods_and_headers_are_those_of_the_app(shared: App) -> None:
    main = (shared.root / "relay/main.py").read_text(encoding="utf-8")
    assert f'allow_origins=["{SHOP}"],\n' in main
    assert 'allow_methods=["DELETE", "GET", "POST"],\n' in main
    assert "allow_credentials" not in main


def test_a_second_time_it_is_there(shared: App) -> None:
    result = shared.add("cors")
    assert result.already == "the app has CORSMiddleware"
    assert result.explanation.decisions == (f"relay/main.py:14 adds it for ['{SHOP}'].",)


def test_a_path_is_no_origin(shared: App) -> None:
    with pytest.raises(InputError, match=r"origins: 'https://shop\.example/app' is no origin"):
        shared.add("cors", origins=f"{SHOP}/app")


def test_every_origin_is_refused_where_callers_are_known_by_cookies(tmp_path: Path) -> None:
    refusal = foreign("game_lobby", tmp_path).add("cors", origins="*").refusal
    assert refusal is not None
    assert "by cookies" in refusal.reason


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tool_library", "game_lobby", "roastery"])
def test_it_lands_with_tests_in_other_styles_and_undo_brings_back_every_byte(name: str, tmp_path: Path) -> None:
    app = foreign(name, tmp_path)
    before = app.files()
    result = app.add("cors")
    assert result.landed, result.proof
    assert one_test_more(result)
    assert ("allow_credentials=True" in result.diff) == (name == "game_lobby")
    app.undo()
    assert app.files() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [without("add_middleware"), swapped(SHOP, "https://other.example"), swapped(f'["{SHOP}"]', '["*"]')],
    ids=["not attached", "another origin", "every origin"],
)
def test_what_is_broken_is_not_proven(edit: Edit, tmp_path: Path) -> None:
    app = foreign("hookrelay", tmp_path, without="tests")
    assert broken_steps(broken(app, "cors", edit, origins=SHOP)) <= {"promise"}
