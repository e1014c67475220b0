"""`add logging`: a line of JSON for each request, with the id that is in its answer, and without secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recipes.account_apps import App, foreign
from tests.recipes.trials import Edit, broken, broken_steps, evidence, one_test_more, swapped, without


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> App:
    app = foreign("hookrelay", tmp_path_factory.mktemp("logged"), without="tests")
    result = app.add("logging")
    assert result.landed, result.proof
    assert "wrote a JSON line each with their id, and none before; no secret is in it" in evidence(result)
    return app


def test_a_second_time_it_is_there(logged: App) -> None:
    assert logged.add("logging").already.startswith("RequestLogMiddleware: ")


def test_a_set_up_of_the_apps_own_is_not_contradicted(tmp_path: Path) -> None:
    app = foreign("hookrelay", tmp_path, without="tests")
    main = app.root / "relay/main.py"
    main.write_text(main.read_text(encoding="utf-8") + "\n\nlogging.basicConfig(level=10)\n", encoding="utf-8")
    refusal = app.add("logging").refusal
    assert refusal is not None
    assert refusal.items == ("relay/main.py:30: basicConfig",)


@pytest.mark.slow
def test_an_app_that_gives_ids_of_its_own_gets_no_second_ones(tmp_path: Path) -> None:
    app = foreign("hookrelay", tmp_path, without="tests")
    main = app.root / "relay/main.py"
    gives = """

@app.middleware("http")
async def identify(request, call_next):
    response = await call_next(request)
    response.headers["X-Request-ID"] = "1"
    return response
"""
    main.write_text(main.read_text(encoding="utf-8") + gives, encoding="utf-8")
    refusal = app.add("logging").refusal
    assert refusal is not None
    assert refusal.items == ("relay/main.py:33",)


@pytest.mark.slow
def test_what_the_app_itself_prints_of_a_request_is_told_and_is_not_the_fault_of_the_log(tmp_path: Path) -> None:
    app = foreign("hookrelay", tmp_path, without="tests")
    main = app.root / "relay/main.py"
    shows = """

@app.middleware("http")
async def show(request, call_next):
    print(request.url, flush=True)
    return await call_next(request)
"""
    main.write_text(main.read_text(encoding="utf-8") + shows, encoding="utf-8")
    result = app.add("logging")
    assert result.landed, result.refusal or result.proof
    assert "lines that the app itself writes tell one, as before" in evidence(result)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tool_library", "greenhouse", "conferly"])
def test_it_lands_with_tests_in_other_styles_and_undo_brings_back_every_byte(name: str, tmp_path: Path) -> None:
    app = foreign(name, tmp_path)
    before = app.files()
    result = app.add("logging")
    assert result.landed, result.proof
    assert one_test_more(result)
    app.undo()
    assert app.files() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [
        without("add_app_call"),
        swapped("return text if ACCEPTED_ID.fullmatch(text) else None", "return text"),
        swapped("accepted_id(scope) or uuid.uuid4().hex", "uuid.uuid4().hex"),
        swapped('"status": status,', '"status": status, "query": scope["query_string"].decode(),'),
        swapped('logger.info("request", extra=extra)', 'logger.debug("request", extra=extra)'),
        swapped("MutableHeaders(scope=message)[REQUEST_ID_HEADER] = current", "pass"),
    ],
    ids=["not installed", "takes forged ids", "makes its own ids", "tells the query", "below the level", "no header"],
)
def test_what_is_broken_is_not_proven(edit: Edit, tmp_path: Path) -> None:
    app = foreign("hookrelay", tmp_path, without="tests")
    assert broken_steps(broken(app, "logging", edit)) == {"promise"}
