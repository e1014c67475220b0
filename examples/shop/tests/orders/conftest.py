"""An order, and clients of those who may do each thing with orders."""

import pytest
from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.roles import Role
from app.orders.models import Order
from app.users.models import User
from tests.conftest import AsUser, MakeUser
from tests.factories.orders import make_order


@pytest.fixture
async def author(make_user: MakeUser) -> User:
    """Who creates orders, and owns those of the tests."""
    return await make_user()


@pytest.fixture
async def existing(session: AsyncSession, author: User) -> Order:
    return await make_order(session, buyer_id=author.id)


@pytest.fixture
async def creator(as_user: AsUser, author: User) -> AsyncClient:
    return await as_user(author)


@pytest.fixture
async def lister(as_user: AsUser, author: User) -> AsyncClient:
    return await as_user(author)


@pytest.fixture
async def reader(as_user: AsUser, author: User) -> AsyncClient:
    return await as_user(author)


@pytest.fixture
async def updater(as_user: AsUser, author: User) -> AsyncClient:
    return await as_user(author)


@pytest.fixture
async def deleter(as_user: AsUser, make_user: MakeUser) -> AsyncClient:
    return await as_user(await make_user(role=Role.ADMIN))
