"""Default deny: what is open has to be declared, and what is declared has to be so."""

import pytest
from fastapi import APIRouter, Depends, FastAPI

from app.access import verify_access
from app.auth.dependencies import CurrentUser, current_principal
from app.main import create_app
from app.public import PUBLIC_OPERATIONS
from app.settings import Settings

OPEN = ("GET", "/open")


def make_app() -> FastAPI:
    app = FastAPI()
    guarded = APIRouter(prefix="/inner", dependencies=[Depends(current_principal)])

    @app.get("/open")
    async def read_open() -> None:
        """Answer anybody."""

    @app.get("/signature")
    async def read_signature(user: CurrentUser) -> None:
        """Answer the caller."""

    @guarded.delete("/router")
    async def delete_router() -> None:
        """Be guarded by the router alone."""

    app.include_router(guarded)
    return app


def test_the_application_is_as_declared(settings: Settings) -> None:
    verify_access(create_app(settings), PUBLIC_OPERATIONS)


def test_guards_in_signatures_and_on_routers_are_found() -> None:
    verify_access(make_app(), frozenset({OPEN}))


@pytest.mark.parametrize(
    ("public", "complaint"),
    [
        ([], "GET /open is neither guarded nor public"),
        ([OPEN, ("GET", "/gone")], "GET /gone is on the public list but does not exist"),
        ([OPEN, ("GET", "/signature")], "GET /signature is on the public list but guarded"),
        ([OPEN, ("DELETE", "/inner/router")], "DELETE /inner/router is on the public list but guarded"),
    ],
)
def test_a_difference_stops_the_start(public: list[tuple[str, str]], complaint: str) -> None:
    with pytest.raises(RuntimeError, match=complaint):
        verify_access(make_app(), frozenset(public))


def test_a_mounted_application_counts_as_open() -> None:
    app = make_app()
    app.mount("/files", FastAPI())

    with pytest.raises(RuntimeError, match="/files is neither guarded nor public"):
        verify_access(app, frozenset({OPEN}))
