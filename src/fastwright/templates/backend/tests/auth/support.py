"""What a client of the auth endpoints does, in few words."""

import re

import httpx2

from app.mail import Message

PASSWORD = "violet staircase humming"
OTHER_PASSWORD = "copper lantern drifting"

Json = dict[str, str]


async def register(client: httpx2.AsyncClient, email: str, password: str = PASSWORD) -> httpx2.Response:
    """Register under the name of Ada."""
    body = {"email": email, "password": password, "display_name": "Ada Lovelace"}
    return await client.post("/api/v1/auth/register", json=body)


async def log_in(client: httpx2.AsyncClient, email: str, password: str = PASSWORD) -> httpx2.Response:
    """Send the password form as the Authorize button of /docs does."""
    form = {"grant_type": "password", "username": email, "password": password, "scope": ""}
    return await client.post("/api/v1/auth/token", data=form)


async def tokens_of(client: httpx2.AsyncClient, email: str, password: str = PASSWORD) -> Json:
    """Log in and return the tokens."""
    response = await log_in(client, email, password)
    assert response.status_code == 200, response.text
    tokens: Json = response.json()
    return tokens


async def refresh(client: httpx2.AsyncClient, refresh_token: str) -> httpx2.Response:
    """Trade a refresh token."""
    return await client.post("/api/v1/auth/refresh", json={"refresh_token": refresh_token})


async def me(client: httpx2.AsyncClient, access_token: str) -> httpx2.Response:
    """Ask who the token belongs to."""
    return await client.get("/api/v1/users/me", headers={"Authorization": f"Bearer {access_token}"})


def token_in(message: Message) -> str:
    """Return the token of the link in a message."""
    found = re.search(r"#token=([\w-]+)$", message.text, re.MULTILINE)
    assert found is not None, message.text
    return found[1]
