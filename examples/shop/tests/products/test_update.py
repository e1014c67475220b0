"""Changing products."""

import pytest
from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.products.models import Product
from app.users.models import User
from tests.factories.products import make_product
from tests.factories.tags import make_tag

URL = "/api/v1/products"
MISSING = "6f1e4a52-0d3b-4c6f-9a57-2b8c90d1e3f4"


async def test_only_what_is_sent_changes(
    updater: AsyncClient, reader: AsyncClient, session: AsyncSession, author: User
) -> None:
    row = await make_product(session, seller_id=author.id, name="Alder")
    before = (await reader.get(f"{URL}/{row.id}")).json()
    response = await updater.patch(f"{URL}/{row.id}", json={"name": "Birch"})
    assert response.status_code == 200, response.text
    after = response.json()
    assert after["updated_at"] > before["updated_at"]
    assert after == before | {"name": "Birch", "version": 2, "updated_at": after["updated_at"]}
    assert response.headers["ETag"].startswith('"2-')


async def test_a_stale_copy_does_not_overwrite(updater: AsyncClient, existing: Product) -> None:
    url = f"{URL}/{existing.id}"
    mine = {"If-Match": '"1"'}
    assert (await updater.patch(url, json={"name": "Birch"}, headers=mine)).status_code == 200
    response = await updater.patch(url, json={"name": "Birch"}, headers=mine)
    assert response.status_code == 412
    assert response.headers["Content-Type"] == "application/problem+json"


async def test_an_unknown_id_is_not_found(updater: AsyncClient) -> None:
    response = await updater.patch(f"{URL}/{MISSING}", json={})
    assert response.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"unknown": 1},
        {"id": MISSING},
        {"version": 7},
        {"name": None},
        {"price": None},
        {"stock": None},
        {"status": None},
        {"contact": None},
        {"category_id": None},
    ],
)
async def test_a_wrong_change_is_refused(updater: AsyncClient, existing: Product, body: dict[str, object]) -> None:
    response = await updater.patch(f"{URL}/{existing.id}", json=body)
    assert response.status_code == 422


@pytest.mark.parametrize(("field", "shown"), [("summary", "summary"), ("homepage", "homepage")])
async def test_null_empties(updater: AsyncClient, existing: Product, field: str, shown: str) -> None:
    response = await updater.patch(f"{URL}/{existing.id}", json={field: None})
    assert response.status_code == 200, response.text
    assert response.json()[shown] is None


async def test_other_tags_are_a_new_version(updater: AsyncClient, session: AsyncSession, existing: Product) -> None:
    target = await make_tag(session)
    response = await updater.patch(f"{URL}/{existing.id}", json={"tag_ids": [str(target.id)]})
    assert response.status_code == 200, response.text
    assert [each["id"] for each in response.json()["tags"]] == [str(target.id)]
    assert response.headers["ETag"].startswith('"2-')
    emptied = await updater.patch(f"{URL}/{existing.id}", json={"tag_ids": []})
    assert emptied.json()["tags"] == []
    assert emptied.headers["ETag"].startswith('"3-')


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category_id", MISSING),
        ("tag_ids", [MISSING]),
    ],
)
async def test_a_reference_to_nothing_conflicts(
    updater: AsyncClient, existing: Product, field: str, value: object
) -> None:
    response = await updater.patch(f"{URL}/{existing.id}", json={field: value})
    assert response.status_code == 409
