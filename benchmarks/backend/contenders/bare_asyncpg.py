"""FastAPI with asyncpg and SQL by hand, and nothing of a platform around it: what the targets are a share of."""

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated

import asyncpg
import jwt
from anyio import to_thread
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pwdlib import PasswordHash
from pydantic import BaseModel, Field

SECRET = os.environ["SECRET_KEY"]
CONNECTIONS = int(os.environ["CONNECTIONS"])
SHOWN = """
    SELECT i.id, i.title, i.description, i.quantity, i.created_at, i.updated_at, i.version, i.owner_id, u.display_name
    FROM items i JOIN users u ON u.id = i.owner_id
"""
hasher = PasswordHash.recommended()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=CONNECTIONS, max_size=CONNECTIONS) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


class UserRead(BaseModel):
    """A user within an item."""

    id: uuid.UUID
    display_name: str


class ItemCreate(BaseModel):
    """What makes an item."""

    title: str = Field(min_length=1, max_length=200)
    description: str | None = Field(default=None, max_length=2000)
    quantity: int = Field(default=1, ge=0)


class ItemRead(ItemCreate):
    """An item, as it is shown."""

    id: uuid.UUID
    owner: UserRead
    created_at: datetime
    updated_at: datetime
    version: int


class Items(BaseModel):
    """A page of items."""

    items: list[ItemRead]


async def get_user(token: Annotated[str, Depends(OAuth2PasswordBearer("token"))]) -> asyncpg.Record:
    try:
        claims = jwt.decode(token, SECRET, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    statement = "SELECT id, display_name, is_active FROM users WHERE id = $1"
    user = await app.state.pool.fetchrow(statement, uuid.UUID(claims["sub"]))
    if user is None or not user["is_active"]:
        raise HTTPException(401)
    return user


UserDep = Annotated[asyncpg.Record, Depends(get_user)]


@app.post("/api/v1/auth/token")
async def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
    statement = "SELECT id, password_hash FROM users WHERE email = $1"
    user = await app.state.pool.fetchrow(statement, form.username)
    if user is None or not await to_thread.run_sync(hasher.verify, form.password, user["password_hash"]):
        raise HTTPException(401)
    expires = datetime.now(UTC) + timedelta(hours=1)
    return {"access_token": jwt.encode({"sub": str(user["id"]), "exp": expires}, SECRET, "HS256")}


@app.get("/api/v1/items", response_model=Items)
async def list_items(_user: UserDep, limit: int = 50) -> dict[str, object]:
    rows = await app.state.pool.fetch(f"{SHOWN} ORDER BY i.created_at DESC LIMIT $1", limit)
    return {"items": [shown(row) for row in rows]}


@app.get("/api/v1/items/{item_id}", response_model=ItemRead)
async def read_item(user: UserDep, item_id: uuid.UUID) -> dict[str, object]:
    row = await app.state.pool.fetchrow(f"{SHOWN} WHERE i.id = $1", item_id)
    if row is None or row["owner_id"] != user["id"]:
        raise HTTPException(404)
    return shown(row)


@app.post("/api/v1/items", response_model=ItemRead, status_code=201)
async def create_item(user: UserDep, data: ItemCreate) -> dict[str, object]:
    now, item_id = datetime.now(UTC), uuid.uuid4()
    statement = """
        INSERT INTO items (id, title, description, quantity, owner_id, created_at, updated_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $6, 1)
    """
    values = (item_id, data.title, data.description, data.quantity, user["id"], now)
    await app.state.pool.execute(statement, *values)
    owner = {"id": user["id"], "display_name": user["display_name"]}
    times = {"created_at": now, "updated_at": now}
    return {"id": item_id, **data.model_dump(), "owner": owner, **times, "version": 1}


def shown(row: asyncpg.Record) -> dict[str, object]:
    item = dict(row)
    item["owner"] = {"id": item.pop("owner_id"), "display_name": item.pop("display_name")}
    return item
