"""Who may call what, in every way in which an app can say so, or fail to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fastwright.project.model import Project
from fastwright.project.read import read_project
from tests.project.projects import QUICK, VERSIONS, Write, endpoint, environment

Mapped = Callable[[str], Project]

NESTED = """
    from fastapi import APIRouter, Depends, FastAPI, HTTPException
    from fastapi.security import HTTPBearer

    scheme = HTTPBearer(auto_error=False)

    def user(token=Depends(scheme)):
        if token is None:
            raise HTTPException(401)
        return token

    class Needs:
        def __init__(self, *roles):
            self.roles = roles

        def __call__(self, user=Depends(user)):
            raise HTTPException(403)

    inner = APIRouter(prefix="/inner")

    @inner.get("/open")
    def opened():
        return 1

    @inner.delete("/{key}", dependencies=[Depends(Needs("admin", "owner"))])
    def removed(key: int):
        return key

    outer = APIRouter(prefix="/outer")
    outer.include_router(inner)
    closed = APIRouter(prefix="/closed", dependencies=[Depends(user)])

    @closed.get("/here")
    def here():
        return 1

    app = FastAPI()
    app.include_router(outer, prefix="/v1")
    app.include_router(inner, prefix="/v2", dependencies=[Depends(user)])
    app.include_router(closed)
    sub = FastAPI()

    @sub.get("/below")
    def below():
        return 1

    app.mount("/sub", sub)
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_nested_routers_and_mounts_are_walked_on_every_version(version: str, write: Write) -> None:
    project = read_project(write({"main.py": NESTED}), python=environment(*VERSIONS[version]), limits=QUICK)

    assert [(f"{one.method} {one.path}", one.auth.required) for one in project.endpoints] == [
        ("GET /v1/outer/inner/open", False),
        ("DELETE /v1/outer/inner/{key}", True),
        ("GET /v2/inner/open", True),
        ("DELETE /v2/inner/{key}", True),
        ("GET /closed/here", True),
        ("GET /sub/below", False),
    ]
    assert all(one.auth.proven for one in project.endpoints)
    removed = endpoint(project, "DELETE /v1/outer/inner/{key}").auth
    assert removed.roles == ("admin", "owner")
    assert removed.guards[-1].shown == "Needs('admin', 'owner')"
    assert removed.guards[-1].chain == ("scheme", "user", "Needs('admin', 'owner')")
    assert {one.path: one.auth.guards[0].level for one in project.endpoints if one.auth.guards} == {
        "/v1/outer/inner/{key}": "endpoint",
        "/v2/inner/open": "include",
        "/v2/inner/{key}": "include",
        "/closed/here": "router",
    }


def test_a_scheme_that_lets_everyone_in_is_no_protection(mapped: Mapped) -> None:
    project = mapped(
        """
        from fastapi import Depends, FastAPI
        from fastapi.security import OAuth2PasswordBearer

        app = FastAPI()
        scheme = OAuth2PasswordBearer("/token", auto_error=False)

        def visitor(token=Depends(scheme)):
            return token

        @app.get("/")
        def home(who=Depends(visitor)):
            return who
        """
    )
    auth = endpoint(project, "GET /").auth
    assert (auth.required, auth.proven, auth.schemes) == (False, True, ("OAuth2PasswordBearer",))


def test_a_forgotten_guard_is_seen_beside_its_guarded_siblings(mapped: Mapped) -> None:
    project = mapped(
        """
        from fastapi import Depends, FastAPI, Header, HTTPException

        app = FastAPI()

        def key(x_key: str = Header()):
            if x_key != "secret":
                raise HTTPException(403)

        @app.post("/things", dependencies=[Depends(key)])
        def make():
            return 1

        @app.delete("/things/{name}")
        def remove(name: str):
            return name
        """
    )
    # The missing header is told by a 422, before the guard could say 403.
    assert endpoint(project, "POST /things").auth.required
    assert endpoint(project, "POST /things").auth.proven
    assert not endpoint(project, "DELETE /things/{name}").auth.required


def test_a_refusal_of_a_middleware_and_one_of_a_body_are_told_apart(mapped: Mapped) -> None:
    project = mapped(
        """
        from fastapi import FastAPI, HTTPException, Request
        from starlette.responses import Response

        app = FastAPI()

        @app.middleware("http")
        async def gate(request: Request, proceed):
            if request.url.path.startswith("/gated"):
                return Response(status_code=403)
            return await proceed(request)

        @app.get("/gated")
        def gated():
            return 1

        @app.get("/body")
        def body(request: Request):
            if "cookie" not in request.headers:
                raise HTTPException(401)
        """
    )
    assert endpoint(project, "GET /gated").auth.refused_by == "middleware"
    assert endpoint(project, "GET /body").auth.refused_by == "endpoint"
    assert "GET /body" in [one.subject for one in project.unresolved]


def test_a_token_that_a_body_looks_at_is_wanted_although_nobody_sent_a_wrong_one(mapped: Mapped) -> None:
    project = mapped("""
        from fastapi import FastAPI, HTTPException

        app = FastAPI()

        @app.get("/mine")
        def mine(token: str):
            if token != "t":
                raise HTTPException(401)

        @app.get("/pages")
        def pages(page_token: str): return page_token
    """)
    mine, pages = endpoint(project, "GET /mine").auth, endpoint(project, "GET /pages").auth
    assert (mine.required, mine.proven, mine.claimed, mine.refused_by) == (True, False, True, "endpoint")
    assert not pages.required
    assert any(one.subject == "GET /mine" and "its own code" in one.reason for one in project.unresolved)


def test_an_endpoint_that_breaks_or_hangs_is_not_proven(mapped: Mapped) -> None:
    project = mapped(
        """
        import asyncio
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/broken")
        def broken():
            raise RuntimeError("no")

        @app.get("/endless")
        async def endless():
            await asyncio.sleep(60)
        """
    )
    assert not any(one.auth.proven for one in project.endpoints)
    assert len(project.unresolved) == 2


def test_a_path_that_is_shadowed_is_not_proven(mapped: Mapped) -> None:
    project = mapped(
        """
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/things/{name}")
        def one(name: str):
            return name

        @app.get("/things/latest")
        def latest():
            return 1
        """
    )
    assert not endpoint(project, "GET /things/latest").auth.proven
    assert "which comes before it" in project.unresolved[0].reason


def test_lifespan_state_is_there_when_endpoints_are_asked(mapped: Mapped) -> None:
    project = mapped(
        """
        from contextlib import asynccontextmanager
        from fastapi import FastAPI, HTTPException, Request

        @asynccontextmanager
        async def lifespan(app):
            yield {"keys": {"k"}}

        app = FastAPI(lifespan=lifespan)

        @app.get("/")
        def home(request: Request):
            if request.headers.get("x-key") not in request.state.keys:
                raise HTTPException(401)
        """
    )
    assert endpoint(project, "GET /").auth.proven


def test_websockets_are_asked_too(mapped: Mapped, tmp_path: Path) -> None:
    project = mapped(
        """
        from fastapi import Depends, FastAPI, Query, WebSocket, WebSocketException

        app = FastAPI()

        def guest(token: str | None = Query(None)):
            if token is None:
                raise WebSocketException(1008)

        @app.websocket("/closed")
        async def closed(socket: WebSocket, who=Depends(guest)):
            await socket.accept()

        @app.websocket("/open")
        async def opened(socket: WebSocket):
            await socket.accept()
            await socket.receive_text()
        """
    )
    assert [(one.path, one.auth.required, one.auth.proven) for one in project.endpoints] == [
        ("/closed", True, True),
        ("/open", False, True),
    ]
