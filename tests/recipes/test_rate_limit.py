"""`add rate-limit`: so many requests of one address, at the narrowest place, and no endpoint beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.errors import InputError
from tests.recipes.account_apps import App, foreign, single_file
from tests.recipes.styles import project
from tests.recipes.trials import Edit, altered, broken, broken_steps, evidence, one_test_more, swapped, without

LOGIN = {"path": "/accounts/tokens", "limit": "5/minute"}

# What one request deletes, the next one does not find.
PETS = {
    "main.py": """
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        pets = {1: "Rex"}

        @app.get("/pets")
        def list_pets() -> list[str]:
            return ["Rex", "Tom"]

        @app.delete("/pets/{pet_id}")
        def delete_pet(pet_id: int) -> dict[str, str]:
            return {"name": pets.pop(pet_id, "")}

        @app.get("/pets/{pet_id}")
        def read_pet(pet_id: int) -> dict[str, str]:
            if pet_id not in pets:
                raise HTTPException(404)
            return {"name": pets[pet_id]}
    """,
}

# As it is set up with slowapi, and what of that package it takes to run.
WITH_A_LIMITER = {
    "slowapi/__init__.py": """
        class Limiter:
            def __init__(self, **options):
                self.options = options

            def limit(self, _limit):
                return lambda function: function
    """,
    "main.py": """
        from fastapi import FastAPI, Request
        from slowapi import Limiter

        limiter = Limiter(key_func=lambda request: request.client.host)
        app = FastAPI()
        app.state.limiter = limiter

        @app.post("/tokens")
        @limiter.limit("5/minute")
        def sign_in(request: Request) -> str:
            return "token"

        @app.get("/pets")
        def list_pets() -> list[str]:
            return ["Rex", "Tom"]
    """,
}


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> App:
    app = foreign("hookrelay", tmp_path_factory.mktemp("limited"), without="tests")
    result = app.add("rate-limit", path="/v2", limit="10/second")
    assert result.landed, result.proof
    assert evidence(result).startswith("6 endpoints: 10 requests as before, then 429 with Retry-After")
    return app


def test_all_of_a_router_is_limited_at_the_router(limited: App) -> None:
    routes = (limited.root / "relay/routes.py").read_text(encoding="utf-8")
    assert 'APIRouter(prefix="/v2", dependencies=[Depends(verify_api_key), Depends(v2_limit)])' in routes
    module = (limited.root / "relay/rate_limit.py").read_text(encoding="utf-8")
    assert module.endswith("v2_limit = RateLimit(limit=10, seconds=1)\n")


def test_a_second_time_it_is_there(limited: App) -> None:
    result = limited.add("rate-limit", path="/v2")
    assert "limited by RateLimit" in result.already


def test_what_is_limited_in_part_is_refused_with_what_is(limited: App) -> None:
    refusal = limited.add("rate-limit", path="/").refusal
    assert refusal is not None
    assert "GET /v2/targets: RateLimit" in refusal.items


def test_an_app_with_a_limiter_gets_no_second_one_and_is_told_how_to_use_its_own(tmp_path: Path) -> None:
    app = project(tmp_path, WITH_A_LIMITER)
    refusal = app.add("rate-limit", limit="9/hour").refusal
    assert refusal is not None
    assert refusal.reason == "the app has a limiter (main.py:4), and a second one would count beside it"
    assert refusal.hint.startswith('GET /pets (main.py:14): @limiter.limit("9/hour") between its route and')
    assert refusal.items == ("POST /tokens: limiter.limit('5/minute')",)
    assert "limited by limiter.limit('5/minute')" in app.add("rate-limit", path="/tokens").already


@pytest.mark.slow
def test_all_of_an_app_is_limited_at_the_app(tmp_path: Path) -> None:
    result = single_file(tmp_path).add("rate-limit")
    assert result.landed, result.proof
    (line,) = [line for line in result.diff.splitlines() if "every_limit)]" in line]
    assert line.startswith("+app = FastAPI(")


@pytest.mark.slow
def test_another_limit_uses_the_class_that_is_there(limited: App) -> None:
    result = limited.add("rate-limit", path="/version", limit="3/minute")
    assert result.landed, result.proof
    assert "+version_limit = RateLimit(limit=3, seconds=60)" in result.diff
    assert "+class RateLimit" not in result.diff
    limited.undo()


@pytest.mark.parametrize("limit", ["5", "0/minute", "5/fortnight", "many"])
def test_what_is_no_limit_is_told(limit: str, limited: App) -> None:
    with pytest.raises(InputError, match="write it as 5/minute"):
        limited.add("rate-limit", path="/v2", limit=limit)


def test_a_path_that_matches_nothing_names_the_nearest(limited: App) -> None:
    with pytest.raises(InputError, match="no endpoint is at or below /targets") as caught:
        limited.add("rate-limit", path="/targets")
    assert "/v2/targets" in caught.value.hint


@pytest.mark.slow
def test_what_a_refused_deletion_leaves_there_is_nothing_that_changed(tmp_path: Path) -> None:
    result = project(tmp_path, PETS).add("rate-limit")
    assert result.landed, result.refusal or result.proof
    assert "3 endpoints: 60 requests as before" in evidence(result)


@pytest.mark.slow
def test_tests_begin_with_nothing_counted_and_those_that_call_more_often_are_listed(tmp_path: Path) -> None:
    app = foreign("conferly", tmp_path)
    before = app.files()
    result = app.add("rate-limit", path="/accounts", limit="5/minute")
    assert not result.landed
    assert result.broken_tests == (
        "tests/test_programme.py::test_from_submission_to_programme",
        "tests/test_programme.py::test_only_the_speaker_withdraws",
    )
    assert app.files() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "path"), [("tool_library", "/login"), ("greenhouse", "/api/v1/login"), ("game_lobby", "/tables")]
)
def test_it_lands_with_tests_in_other_styles_and_undo_brings_back_every_byte(
    name: str, path: str, tmp_path: Path
) -> None:
    app = foreign(name, tmp_path)
    before = app.files()
    result = app.add("rate-limit", path=path)
    assert result.landed, result.proof
    assert one_test_more(result)
    app.undo()
    assert app.files() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [
        without("add_endpoint_dependency"),
        swapped("count >= self.limit", "count > self.limit"),
        swapped("count >= self.limit", "count + 1 >= self.limit"),
        swapped("address = connection.client.host if connection.client else", "address ="),
        swapped("started, count = now, 0\n", "pass\n"),
        swapped('headers={"Retry-After": str(wait)}', "headers={}"),
        swapped("HTTPException(429,", "HTTPException(403,"),
        swapped("RateLimit(limit=5, seconds=60)", "RateLimit(limit=5, seconds=6)"),
        altered("add_endpoint_dependency", function="register", line=0, path="", method=""),
    ],
    ids=[
        "not attached",
        "one too many",
        "one too few",
        "all addresses as one",
        "for ever",
        "does not say when",
        "another status",
        "another time",
        "another endpoint",
    ],
)
def test_what_is_broken_is_not_proven(edit: Edit, tmp_path: Path) -> None:
    app = foreign("conferly", tmp_path, without="tests")
    broken_steps(broken(app, "rate-limit", edit, **LOGIN))
