"""A post, and clients of those who may do each thing with posts."""

import pytest
from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.roles import Role
from app.posts.models import Post
from app.users.models import User
from tests.conftest import AsUser, MakeUser
from tests.factories.posts import make_post


@pytest.fixture
async def author(make_user: MakeUser) -> User:
    """Who creates posts."""
    return await make_user(role=Role.EDITOR)


@pytest.fixture
async def owner(make_user: MakeUser) -> User:
    """Who owns the posts of the tests."""
    return await make_user()


@pytest.fixture
async def existing(session: AsyncSession, owner: User) -> Post:
    return await make_post(session, author_id=owner.id)


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
async def updater(as_user: AsUser, owner: User) -> AsyncClient:
    return await as_user(owner)


@pytest.fixture
async def deleter(as_user: AsUser, make_user: MakeUser) -> AsyncClient:
    return await as_user(await make_user(role=Role.EDITOR))
