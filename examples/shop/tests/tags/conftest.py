"""A tag, and clients of those who may do each thing with tags."""

import pytest
from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.roles import Role
from app.tags.models import Tag
from app.users.models import User
from tests.conftest import AsUser, MakeUser
from tests.factories.tags import make_tag


@pytest.fixture
async def author(make_user: MakeUser) -> User:
    """Who creates tags."""
    return await make_user(role=Role.EDITOR)


@pytest.fixture
async def existing(session: AsyncSession) -> Tag:
    return await make_tag(session)


@pytest.fixture
async def creator(as_user: AsUser, author: User) -> AsyncClient:
    return await as_user(author)


@pytest.fixture
async def lister(client: AsyncClient) -> AsyncClient:
    return client


@pytest.fixture
async def reader(client: AsyncClient) -> AsyncClient:
    return client


@pytest.fixture
async def updater(as_user: AsUser, make_user: MakeUser) -> AsyncClient:
    return await as_user(await make_user(role=Role.EDITOR))


@pytest.fixture
async def deleter(as_user: AsUser, make_user: MakeUser) -> AsyncClient:
    return await as_user(await make_user(role=Role.ADMIN))
