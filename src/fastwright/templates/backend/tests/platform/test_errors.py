"""Every failure is a problem with an id, and tells nothing about the inside."""

import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app.dependencies import SessionDep
from app.error_handlers import install_error_handlers
from app.errors import AppError, Conflict, NotFound, ServiceUnavailable
from app.metrics import Metrics
from app.middleware import PlatformMiddleware

UNIQUE = "UNIQUE constraint failed: users.email"


class Payload(BaseModel):
    password: int


class PostgresError(Exception):
    """What asyncpg's errors look like to SQLAlchemy."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("a constraint was violated")
        self.sqlstate = sqlstate


def failing(error: Exception) -> FastAPI:
    """Return an application whose one endpoint raises `error`."""
    app = FastAPI()
    install_error_handlers(app)
    app.add_middleware(PlatformMiddleware, metrics=Metrics(), routes={})

    @app.get("/")
    async def fail() -> None:
        raise error

    @app.post("/")
    async def parse(payload: Payload) -> None:
        """Accept a payload."""

    return app


async def answer_of(app: FastAPI) -> httpx2.Response:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test") as client:
        return await client.get("/")


@pytest.mark.parametrize(
    ("error", "status", "kind", "detail"),
    [
        (NotFound(), 404, "not-found", None),
        (Conflict("taken"), 409, "conflict", "taken"),
        (ServiceUnavailable(headers={"Retry-After": "5"}), 503, "service-unavailable", None),
        (IntegrityError("", {}, Exception(UNIQUE)), 409, "conflict", "unique"),
        (IntegrityError("", {}, Exception("FOREIGN KEY constraint failed")), 409, "conflict", "referenced"),
        (IntegrityError("", {}, Exception("CHECK constraint failed: price")), 409, "conflict", "rule of the database"),
        (IntegrityError("", {}, PostgresError("23505")), 409, "conflict", "unique"),
        (IntegrityError("", {}, PostgresError("23503")), 409, "conflict", "referenced"),
        (StaleDataError("1 row expected"), 412, "precondition-failed", None),
        (OperationalError("", {}, Exception("no route to db.internal")), 503, "service-unavailable", None),
        (RuntimeError("password=hunter2"), 500, "internal-error", None),
    ],
)
async def test_a_failure_is_answered_as_a_problem(error: Exception, status: int, kind: str, detail: str | None) -> None:
    response = await answer_of(failing(error))

    problem = response.json()
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"/problems/{kind}"
    assert problem["status"] == status
    assert problem["request_id"] == response.headers["x-request-id"]
    assert (detail or "") in problem.get("detail", "")


async def test_an_unknown_path_and_a_wrong_method_are_problems_too(client: httpx2.AsyncClient) -> None:
    missing = await client.get("/nowhere")
    wrong = await client.put("/health/live")

    assert missing.status_code == 404
    assert missing.json()["type"] == "/problems/not-found"
    assert wrong.status_code == 405
    assert wrong.headers["content-type"] == "application/problem+json"
    assert wrong.headers["allow"] == "GET"


async def test_a_validation_problem_names_the_place_and_never_repeats_the_value() -> None:
    app = failing(NotFound())
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test") as client:
        response = await client.post("/", json={"password": "hunter2"})

    assert response.status_code == 422
    assert response.json()["errors"] == [
        {
            "location": "body.password",
            "message": "Input should be a valid integer, unable to parse string as an integer",
            "code": "int_parsing",
        }
    ]
    assert "hunter2" not in response.text


async def test_a_failed_commit_is_an_error_and_not_a_success(app: FastAPI, client: httpx2.AsyncClient) -> None:
    router = APIRouter()

    @router.post("/orphan")
    async def make_orphan(session: SessionDep) -> None:
        """Leave a row behind that the database refuses at the end of the transaction."""
        await session.execute(text("PRAGMA defer_foreign_keys = ON"))
        statement = "INSERT INTO refresh_tokens (id, login_id, token_hash, created_at) VALUES ('1', '2', '3', '2026-01-01')"
        await session.execute(text(statement))
        raise IntegrityError(statement, {}, Exception("FOREIGN KEY constraint failed"))

    routes = list(app.router.routes)
    app.include_router(router)
    try:
        response = await client.post("/orphan")
        rows = await app.state.database.sessions().scalar(text("SELECT count(*) FROM refresh_tokens"))
    finally:
        app.router.routes[:] = routes

    assert response.status_code == 409
    assert rows == 0


def test_every_error_has_a_title_and_a_slug_of_its_own() -> None:
    kinds = AppError.__subclasses__()

    assert len({kind.slug for kind in kinds}) == len(kinds)
    assert all(kind.title and 400 <= kind.status < 600 for kind in kinds)
