"""Counting hashes, and an application whose transactions are real."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI
from pwdlib.hashers.argon2 import Argon2Hasher

from app.auth.passwords import PasswordHasher
from app.auth.sessions import Client, log_in
from app.database import Database, utc_now
from app.main import create_app
from app.settings import Settings
from app.users.models import User
from tests.auth.support import PASSWORD
from tests.conftest import make_settings


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect what argon2 computes from here on."""
    computed: list[str] = []
    hash_password, verify_password = Argon2Hasher.hash, Argon2Hasher.verify

    def hash_and_note(self: Argon2Hasher, password: str | bytes, *, salt: bytes | None = None) -> str:
        computed.append("hash")
        return hash_password(self, password, salt=salt)

    def verify_and_note(self: Argon2Hasher, password: str | bytes, stored: str | bytes) -> bool:
        computed.append("verify")
        return verify_password(self, password, stored)

    monkeypatch.setattr(Argon2Hasher, "hash", hash_and_note)
    monkeypatch.setattr(Argon2Hasher, "verify", verify_and_note)
    return computed


@pytest.fixture
def committed_settings(own_database: str) -> Settings:
    """Settings for a database of the test's own, in which requests commit."""
    return make_settings(own_database)


@pytest.fixture
async def committed_app(committed_settings: Settings) -> AsyncIterator[FastAPI]:
    """An application with connections of its own, for what only shows between transactions."""
    app = create_app(committed_settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def committed_client(committed_app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of that application."""
    transport = httpx2.ASGITransport(app=committed_app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
async def refresh_token(committed_app: FastAPI, committed_settings: Settings) -> str:
    """The refresh token of a login that is stored for good."""
    database: Database = committed_app.state.database
    hasher: PasswordHasher = committed_app.state.hasher
    async with database.session() as session:
        session.add(
            User(
                email="ada@example.com",
                display_name="Ada",
                password_hash=await hasher.hash(PASSWORD),
                email_verified_at=utc_now(),
            )
        )
    client = Client(address="127.0.0.1", user_agent="tests")
    async with database.session() as session:
        pair = await log_in(session, hasher, committed_settings, client, email="ada@example.com", password=PASSWORD)
    return pair.refresh_token
