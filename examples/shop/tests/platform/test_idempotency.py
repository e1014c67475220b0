"""A request that is sent again with its key is answered again, and not done again."""

import asyncio
from datetime import timedelta

import httpx2
import pytest
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import text, update

from app.auth.dependencies import CurrentUser
from app.auth.models import Login
from app.auth.tokens import encode_access_token
from app.database import utc_now
from app.dependencies import SessionDep
from app.errors import Conflict
from app.idempotency import IdempotencyKey, Once, StoredAnswer
from app.users.models import User
from tests.platform.conftest import Serve, Served

router = APIRouter()
COUNT = text("UPDATE users SET version = version + 1 RETURNING version")


class Wish(BaseModel):
    name: str
    refused: bool = False
    seconds: float = 0


class Granted(BaseModel):
    name: str
    number: int


@router.post("/wishes", status_code=201, response_model=Granted)
async def grant(
    wish: Wish, request: Request, session: SessionDep, user: CurrentUser, idempotency_key: IdempotencyKey = None
) -> Response:
    """Count in the database, so that what was done twice shows."""
    once = await Once.begin(request, session, user, idempotency_key)
    number = int(await session.scalar(COUNT))
    if wish.refused:
        raise Conflict("no")
    await asyncio.sleep(wish.seconds)
    body = Granted(name=wish.name, number=number).model_dump_json()
    return await once.remember(Response(body, 201, {"Location": f"/wishes/{number}"}, "application/json"))


async def caller(client: Served, email: str = "ada@example.com") -> dict[str, str]:
    """Return the headers of a new user's requests."""
    state = client.app.state
    now = utc_now()
    async with state.database.session() as session:
        user = User(email=email, password_hash="!", display_name="Ada", email_verified_at=now)
        session.add(user)
        await session.flush()
        login = Login(user_id=user.id, created_at=now, last_used_at=now, expires_at=now + timedelta(days=1))
        session.add(login)
    token = encode_access_token(state.settings, user_id=user.id, login_id=login.id)
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
async def client(serve: Serve) -> Served:
    return await serve(router)


async def wish(client: Served, headers: dict[str, str], key: str = "", **changes: object) -> httpx2.Response:
    keyed = {"Idempotency-Key": key} if key else {}
    return await client.post("/wishes", json={"name": "peace", **changes}, headers=headers | keyed)


async def test_without_a_key_each_request_counts(client: Served) -> None:
    ada = await caller(client)
    assert [(await wish(client, ada)).json()["number"] for _ in range(2)] == [2, 3]


@pytest.mark.parametrize("again", ["a-key", '"a-key"'])
async def test_the_same_key_gets_the_same_answer(client: Served, again: str) -> None:
    ada = await caller(client)

    first, second = await wish(client, ada, "a-key"), await wish(client, ada, again)

    assert (first.status_code, first.json()["number"]) == (201, 2)
    assert (second.status_code, second.content) == (201, first.content)
    assert second.headers["Location"] == first.headers["Location"]
    assert (await wish(client, ada, "another-key")).json()["number"] == 3


async def test_a_key_that_comes_with_another_request_is_refused(client: Served) -> None:
    ada = await caller(client)
    await wish(client, ada, "a-key")

    answer = await wish(client, ada, "a-key", name="war")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "key_reused"


async def test_of_requests_at_once_one_is_done(client: Served) -> None:
    ada = await caller(client)

    answers = await asyncio.gather(*(wish(client, ada, "a-key", seconds=0.2) for _ in range(5)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {answer.json()["number"] for answer in answers if answer.status_code == 201} == {2}
    assert (await wish(client, ada, "a-key", seconds=0.2)).json()["number"] == 2


async def test_a_request_that_fails_leaves_its_key_free(client: Served) -> None:
    ada = await caller(client)
    refused = await wish(client, ada, "a-key", refused=True)

    granted = await wish(client, ada, "a-key")

    assert (refused.status_code, granted.status_code, granted.json()["number"]) == (409, 201, 2)


async def test_keys_belong_to_who_chose_them(client: Served) -> None:
    ada, bob = await caller(client), await caller(client, "bob@example.com")
    first = await wish(client, ada, "a-key")

    other = await wish(client, bob, "a-key")

    assert first.json() != other.json()


async def test_an_answer_is_forgotten_after_its_time(client: Served) -> None:
    ada = await caller(client)
    await wish(client, ada, "a-key")
    async with client.app.state.database.session() as session:
        await session.execute(update(StoredAnswer).values(expires_at=utc_now()))

    assert (await wish(client, ada, "a-key", name="war")).json()["number"] == 3


@pytest.mark.parametrize("key", ["k" * 256, "with space", '"open'])
async def test_a_key_that_is_none_is_refused(client: Served, key: str) -> None:
    assert (await wish(client, await caller(client), key)).status_code == 422
