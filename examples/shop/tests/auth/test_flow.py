"""The whole life of an account, as a client lives it."""

from datetime import timedelta

import httpx2
from fastapi import FastAPI
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.models import RefreshToken
from app.database import utc_now
from tests.auth.support import log_in, me, refresh, register, token_in, tokens_of
from tests.support import MemoryMailer


async def test_from_registration_to_a_replayed_refresh_token(
    app: FastAPI, client: httpx2.AsyncClient, mailbox: MemoryMailer, session: AsyncSession
) -> None:
    assert (await register(client, "Ada@Example.com")).status_code == 202
    assert (await log_in(client, "ada@example.com")).status_code == 401, "the address is not verified"

    await app.state.tasks.drain()
    [mail] = mailbox.to("ada@example.com")
    verified = await client.post("/api/v1/auth/verify-email", json={"token": token_in(mail)})
    assert verified.status_code == 204

    first = await tokens_of(client, "ADA@example.com")
    assert (await me(client, first["access_token"])).json()["display_name"] == "Ada Lovelace"

    second = (await refresh(client, first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert (await me(client, second["access_token"])).status_code == 200

    await session.execute(
        update(RefreshToken).where(RefreshToken.used_at.is_not(None)).values(used_at=utc_now() - timedelta(minutes=1))
    )
    assert (await refresh(client, first["refresh_token"])).status_code == 401
    assert (await refresh(client, second["refresh_token"])).status_code == 401, "the family is dead"
    assert (await me(client, second["access_token"])).status_code == 401, "and so is the access token"
