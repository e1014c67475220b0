"""What the source alone tells: the same endpoints at the same places, and an honest list of what it does not tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.project.static import read_static
from tests.apps.corpus import APPS, copy, truth
from tests.project.projects import Write

# What only a run tells: a middleware that refuses, and a WebSocket whose key is an ordinary parameter.
ONLY_BY_ASKING = {
    "hookrelay": {"POST /internal/deliver", "GET /internal/queue"},
    "game_lobby": {"WEBSOCKET /tables/{table_id}/ws"},
}


@pytest.mark.parametrize("app", APPS)
def test_the_source_alone_tells_the_endpoints_and_who_the_code_wants(app: str, tmp_path: Path) -> None:
    project = read_static(copy(app, tmp_path))
    found = {f"{one.method} {one.path}": (one.name, one.file, one.line, one.auth.required) for one in project.endpoints}
    expected = {
        f"{one['method']} {one['path']}": (one["name"], one["file"], one["line"], one["auth"]["required"])
        for one in truth(app)["endpoints"]
    }
    for operation in ONLY_BY_ASKING.get(app, ()):
        assert found.pop(operation) != expected.pop(operation)
    assert found == expected


@pytest.mark.parametrize("app", APPS)
def test_nothing_is_called_proven_that_was_not_run(app: str, tmp_path: Path) -> None:
    project = read_static(copy(app, tmp_path))
    assert project.app.static
    assert not any(one.auth.proven for one in project.endpoints)
    assert {"access", "roles", "middleware"} <= {one.subject for one in project.unresolved}


def test_nothing_is_run(write: Write, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    text = f"from fastapi import FastAPI\nopen({str(marker)!r}, 'w')\napp = FastAPI()\n@app.get('/')\ndef home(): ...\n"
    assert [one.path for one in read_static(write({"main.py": text})).endpoints] == ["/"]
    assert not marker.exists()


def test_what_cannot_be_followed_is_listed(write: Write) -> None:
    project = read_static(
        write(
            {
                "main.py": """
                from fastapi import APIRouter, FastAPI
                from plugins import found

                app = FastAPI()
                lost = APIRouter()
                app.include_router(found())
                for name in found():
                    app.include_router(name)
                """
            }
        )
    )
    said = [f"{one.subject}: {one.reason} ({one.line})" for one in project.unresolved[3:]]
    assert said == [
        "app.include_router(found()): what is included here could not be followed (7)",
        "app.include_router(name): what is included here could not be followed (9)",
        "main.py:lost: a router that is not seen to be included (6)",
    ]


def test_an_app_that_another_module_gives_its_routers_is_that_of_this_module(write: Write) -> None:
    root = write(
        {
            "shop/__init__.py": "",
            "shop/core.py": """
                from fastapi import FastAPI

                app = FastAPI()
                """,
            "shop/orders.py": """
                from fastapi import APIRouter

                router = APIRouter(prefix="/orders")


                @router.get("")
                def orders() -> list[int]: ...
                """,
            "shop/main.py": """
                from .core import app
                from .orders import router

                app.include_router(router)
                """,
        }
    )
    project = read_static(root)
    assert (project.app.entry, [one.path for one in project.endpoints]) == ("shop.main:app", ["/orders"])


def test_an_endpoint_that_looks_at_credentials_by_itself_has_a_check_of_its_own(write: Write) -> None:
    project = read_static(
        write(
            {
                "main.py": """
                from functools import wraps
                from fastapi import FastAPI, Header, HTTPException, Request
                from checks import verify

                app = FastAPI()

                def signed_in(view):
                    @wraps(view)
                    def wrapper(request: Request):
                        if request.session.get("user") is None:
                            raise HTTPException(401)
                        return view(request)
                    return wrapper

                @app.get("/by-query")
                def by_query(token: str): return verify(token)

                @app.get("/by-header")
                def by_header(x_api_key: str = Header("")):
                    if x_api_key != "k":
                        raise HTTPException(status_code=403)

                @app.get("/by-request")
                def by_request(request: Request):
                    key = request.cookies.get("session_id")
                    return verify(key)

                @app.get("/decorated")
                @signed_in
                def decorated(request: Request): ...

                @signed_in
                @app.get("/decorated-too-late")
                def too_late(request: Request): ...

                @app.get("/pages")
                def pages(page_token: str = ""): return page_token

                @app.get("/links/{token}")
                def link(token: str): return verify(token)
                """,
                "checks.py": """
                from fastapi import HTTPException

                def verify(token):
                    if token != "t":
                        raise HTTPException(401)
                """,
            }
        )
    )
    told = {one.path: one.auth.refused_by for one in project.endpoints if one.auth.required}
    assert told == dict.fromkeys(("/by-query", "/by-header", "/by-request", "/decorated"), "endpoint")
