"""Deleting categories."""

from uuid import uuid4

from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.categories.models import Category
from tests.factories.products import make_product

URL = "/api/v1/categories"


async def test_it_is_gone_afterwards(deleter: AsyncClient, reader: AsyncClient, existing: Category) -> None:
    response = await deleter.delete(f"{URL}/{existing.id}")
    assert (response.status_code, response.content) == (204, b"")
    assert (await reader.get(f"{URL}/{existing.id}")).status_code == 404


async def test_an_unknown_id_is_not_found(deleter: AsyncClient) -> None:
    response = await deleter.delete(f"{URL}/{uuid4()}")
    assert response.status_code == 404


async def test_it_stays_while_a_product_needs_it(
    deleter: AsyncClient, reader: AsyncClient, session: AsyncSession, existing: Category
) -> None:
    await make_product(session, category_id=existing.id)
    response = await deleter.delete(f"{URL}/{existing.id}")
    assert response.status_code == 409
    assert (await reader.get(f"{URL}/{existing.id}")).status_code == 200
