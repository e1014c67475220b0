"""A category, and clients of those who may do each thing with categories."""

import pytest
from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.roles import Role
from app.categories.models import Category
from app.users.models import User
from tests.conftest import AsUser, MakeUser
from tests.factories.categories import make_category


@pytest.fixture
async def author(make_user: MakeUser) -> User:
    """Who creates categories."""
    return await make_user(role=Role.ADMIN)


@pytest.fixture
async def existing(session: AsyncSession) -> Category:
    return await make_category(session)


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
    return await as_user(await make_user(role=Role.ADMIN))


@pytest.fixture
async def deleter(as_user: AsUser, make_user: MakeUser) -> AsyncClient:
    return await as_user(await make_user(role=Role.ADMIN))
