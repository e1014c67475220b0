"""A product, and clients of those who may do each thing with products."""

import pytest
from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.products.models import Product
from app.users.models import User
from tests.conftest import AsUser, MakeUser
from tests.factories.products import make_product


@pytest.fixture
async def author(make_user: MakeUser) -> User:
    """Who creates products, and owns those of the tests."""
    return await make_user()


@pytest.fixture
async def existing(session: AsyncSession, author: User) -> Product:
    return await make_product(session, seller_id=author.id)


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
async def updater(as_user: AsUser, author: User) -> AsyncClient:
    return await as_user(author)


@pytest.fixture
async def deleter(as_user: AsUser, author: User) -> AsyncClient:
    return await as_user(author)
