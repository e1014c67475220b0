"""Raw ASGI, asyncpg and orjson, with no framework and nothing checked that need not be: the limit of the language."""

import os
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import asyncpg
import jwt
import orjson
from anyio import to_thread
from pwdlib import PasswordHash

SECRET = os.environ["SECRET_KEY"]
CONNECTIONS = int(os.environ["CONNECTIONS"])
SHOWN = """
    SELECT i.id, i.title, i.description, i.quantity, i.created_at, i.updated_at, i.version, i.owner_id, u.display_name
    FROM items i JOIN users u ON u.id = i.owner_id
"""
INSERT = """
    INSERT INTO items (id, title, description, quantity, owner_id, created_at, updated_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $6, 1)
"""
ITEMS = "/api/v1/items"
hasher = PasswordHash.recommended()
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class App:
    """Three routes by hand."""

    pool: asyncpg.Pool

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.live(receive, send)
            return
        status, content = await self.answer(scope, receive)
        body = orjson.dumps(content, default=str)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def live(self, receive: Receive, send: Send) -> None:
        await receive()
        self.pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=CONNECTIONS, max_size=CONNECTIONS)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.pool.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def answer(self, scope: Mapping[str, Any], receive: Receive) -> tuple[int, Any]:
        path = scope["path"]
        if path == "/api/v1/auth/token":
            return await self.log_in(parse_qs((await receive())["body"].decode()))
        user = await self.user(scope)
        if user is None:
            return 401, {}
        if path != ITEMS:
            row = await self.pool.fetchrow(f"{SHOWN} WHERE i.id = $1", uuid.UUID(path[len(ITEMS) + 1 :]))
            return (200, shown(row)) if row is not None and row["owner_id"] == user["id"] else (404, {})
        if scope["method"] == "GET":
            rows = await self.pool.fetch(f"{SHOWN} ORDER BY i.created_at DESC LIMIT 50")
            return 200, {"items": [shown(row) for row in rows]}
        return await self.create(user, orjson.loads((await receive())["body"]))

    async def user(self, scope: Mapping[str, Any]) -> asyncpg.Record | None:
        bearer = dict(scope["headers"]).get(b"authorization", b"")[7:]
        try:
            claims = jwt.decode(bearer, SECRET, algorithms=["HS256"])
        except jwt.InvalidTokenError:
            return None
        statement = "SELECT id, display_name, is_active FROM users WHERE id = $1"
        user = await self.pool.fetchrow(statement, uuid.UUID(claims["sub"]))
        return user if user is not None and user["is_active"] else None

    async def create(self, user: asyncpg.Record, data: dict[str, Any]) -> tuple[int, Any]:
        now, item_id = datetime.now(UTC), uuid.uuid4()
        values = (item_id, data["title"], data.get("description"), data.get("quantity", 1), user["id"], now)
        await self.pool.execute(INSERT, *values)
        owner = {"id": str(user["id"]), "display_name": user["display_name"]}
        return 201, {"id": item_id, **data, "owner": owner, "created_at": now, "updated_at": now, "version": 1}

    async def log_in(self, form: dict[str, list[str]]) -> tuple[int, Any]:
        statement = "SELECT id, password_hash FROM users WHERE email = $1"
        user = await self.pool.fetchrow(statement, form["username"][0])
        if user is None or not await to_thread.run_sync(hasher.verify, form["password"][0], user["password_hash"]):
            return 401, {}
        claims = {"sub": str(user["id"]), "exp": datetime.now(UTC) + timedelta(hours=1)}
        return 200, {"access_token": jwt.encode(claims, SECRET, "HS256")}


def shown(row: asyncpg.Record) -> dict[str, Any]:
    item = dict(row)
    item["owner"] = {"id": str(item.pop("owner_id")), "display_name": item.pop("display_name")}
    return item


app = App()
