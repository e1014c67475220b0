"""Every failure is a problem with an id, and tells nothing about the inside."""

from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError, IntegrityError, InternalError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from starlette.types import Message, Receive, Scope, Send

from app.error_handlers import FailureMiddleware, install_error_handlers
from app.errors import AppError, Conflict, NotFound, ServiceUnavailable
from app.middleware import PlatformMiddleware
from app.prometheus import Metrics
from tests.platform.conftest import Serve

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
    app.add_middleware(FailureMiddleware)
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
        (ServiceUnavailable(), 503, "service-unavailable", None),
        (IntegrityError("", {}, Exception(UNIQUE)), 409, "conflict", "unique"),
        (IntegrityError("", {}, Exception("FOREIGN KEY constraint failed")), 409, "conflict", "referenced"),
        (IntegrityError("", {}, Exception("CHECK constraint failed: price")), 409, "conflict", "rule of the database"),
        (IntegrityError("", {}, PostgresError("23505")), 409, "conflict", "unique"),
        (IntegrityError("", {}, PostgresError("23503")), 409, "conflict", "referenced"),
        (StaleDataError("1 row expected"), 412, "precondition-failed", None),
        (OperationalError("", {}, Exception("no route to db.internal")), 503, "service-unavailable", None),
        (DBAPIError("", {}, PostgresError("57014")), 503, "service-unavailable", None),
        (InternalError("", {}, Exception("cannot switch to state 12")), 503, "service-unavailable", None),
        (DBAPIError("", {}, PostgresError("42P01")), 503, "service-unavailable", None),
        (DBAPIError("", {}, PostgresError("42601")), 500, "internal-error", None),
        (TimeoutError("db.internal"), 503, "service-unavailable", None),
        (FileNotFoundError("/etc/hunter2"), 500, "internal-error", None),
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
    assert "hunter2" not in response.text
    assert "db.internal" not in response.text


@pytest.mark.parametrize("host", ["nowhere", "empty"])
async def test_without_a_server_of_the_database_it_is_said_when_to_try_again(
    serve: Serve, tmp_path: Path, host: str
) -> None:
    """Neither a folder of sockets that is missing nor one without a socket is a fault of the application."""
    (tmp_path / "empty").mkdir()
    client = await serve(database_url=f"postgresql+asyncpg://me@/shop?host={tmp_path / host}")

    response = await client.post("/api/v1/auth/token", data={"username": "ada@example.com", "password": "x"})

    assert (response.status_code, response.json()["type"]) == (503, "/problems/service-unavailable")
    assert response.headers["retry-after"] == "5"


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


@pytest.mark.parametrize("key", ['"\\ud800"', '"' + "x" * 5000 + '"'])
async def test_a_key_that_cannot_be_written_back_is_no_failure(client: httpx2.AsyncClient, key: str) -> None:
    response = await client.post(
        "/api/v1/auth/refresh", content=f"{{{key}: 1}}", headers={"Content-Type": "application/json"}
    )

    assert response.status_code == 422
    assert max(len(error["location"]) for error in response.json()["errors"]) <= 1000


async def test_a_body_in_pieces_is_a_bad_request(client: httpx2.AsyncClient) -> None:
    response = await client.post("/api/v1/auth/refresh", content=b'"\xff', headers={"Content-Type": "application/json"})

    assert response.status_code == 400
    assert response.json()["type"] == "/problems/bad-request"


async def test_an_answer_that_has_begun_is_cut_off() -> None:
    """Two answers in one would be worse than none."""

    async def breaks_off(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("halfway")

    async def receive() -> Message:
        return {"type": "http.request"}

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    with pytest.raises(RuntimeError, match="halfway"):
        await FailureMiddleware(breaks_off)({"type": "http"}, receive, send)
    assert [message["type"] for message in sent] == ["http.response.start"]


def test_every_error_has_a_title_and_a_slug_of_its_own() -> None:
    kinds = AppError.__subclasses__()

    assert len({kind.slug for kind in kinds}) == len(kinds)
    assert all(kind.title and 400 <= kind.status < 600 for kind in kinds)
