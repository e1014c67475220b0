"""Deleting products."""

from uuid import uuid4

from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.products.models import Product
from tests.factories.orders import make_order

URL = "/api/v1/products"


async def test_it_is_gone_afterwards(deleter: AsyncClient, reader: AsyncClient, existing: Product) -> None:
    response = await deleter.delete(f"{URL}/{existing.id}")
    assert (response.status_code, response.content) == (204, b"")
    assert (await reader.get(f"{URL}/{existing.id}")).status_code == 404


async def test_an_unknown_id_is_not_found(deleter: AsyncClient) -> None:
    response = await deleter.delete(f"{URL}/{uuid4()}")
    assert response.status_code == 404


async def test_it_stays_while_an_order_needs_it(
    deleter: AsyncClient, reader: AsyncClient, session: AsyncSession, existing: Product
) -> None:
    await make_order(session, product_id=existing.id)
    response = await deleter.delete(f"{URL}/{existing.id}")
    assert response.status_code == 409
    assert (await reader.get(f"{URL}/{existing.id}")).status_code == 200
