"""`add errors`: what the framework refuses is a problem as RFC 9457 has it, and tells nothing of the inside."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recipes.account_apps import App, foreign
from tests.recipes.trials import Edit, broken, broken_steps, evidence, one_test_more, swapped, without


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> App:
    app = foreign("hookrelay", tmp_path_factory.mktemp("told"), without="tests")
    result = app.add("errors")
    assert result.landed, result.proof
    assert evidence(result).startswith("401, 404, 405, 500 are problems now")
    return app


def test_handlers_are_there_before_the_routers_that_inherit_the_documentation(told: App) -> None:
    main = (told.root / "relay/main.py").read_text(encoding="utf-8")
    assert 'app = FastAPI(title="hookrelay", docs_url="/")\ninstall_error_handlers(app)\n' in main


def test_a_second_time_it_is_there(told: App) -> None:
    assert told.add("errors").already.endswith("answers errors with application/problem+json")


def test_handlers_of_the_apps_own_are_not_replaced(tmp_path: Path) -> None:
    app = foreign("roastery", tmp_path, without="tests")
    main = app.root / "backend/main.py"
    text = main.read_text(encoding="utf-8")
    main.write_text(text.replace("exception_handler(ServiceError)", "exception_handler(Exception)"), encoding="utf-8")
    refusal = app.add("errors").refusal
    assert refusal is not None
    assert refusal.items == ("backend/main.py:25: Exception",)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["vetbook", "greenhouse", "game_lobby", "meterbox"])
def test_it_lands_with_tests_in_other_styles_and_undo_brings_back_every_byte(name: str, tmp_path: Path) -> None:
    app = foreign(name, tmp_path)
    before = app.files()
    result = app.add("errors")
    assert result.landed, result.proof
    assert one_test_more(result)
    app.undo()
    assert app.files() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [
        without("add_app_call"),
        swapped("app.exception_handler(Exception)(answer_unforeseen)", "pass"),
        swapped("app.exception_handler(HTTPException)(answer_refusal)", "pass"),
        swapped("return problem(500)", 'return problem(500, {"detail": str(error)})'),
        swapped("headers=error.headers)\n\n\nasync", "headers=None)\n\n\nasync"),
        swapped("JSONResponse(content, status", "JSONResponse(content, 400"),
        swapped("media_type=MEDIA_TYPE)", 'media_type="application/json")'),
    ],
    ids=[
        "not installed",
        "errors left out",
        "refusals left out",
        "tells the fault",
        "loses headers",
        "another status",
        "another type",
    ],
)
def test_what_is_broken_is_not_proven(edit: Edit, tmp_path: Path) -> None:
    app = foreign("hookrelay", tmp_path, without="tests")
    assert "promise" in broken_steps(broken(app, "errors", edit))
