"""Changing tags."""

import pytest
from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.tags.models import Tag
from tests.factories.tags import make_tag

URL = "/api/v1/tags"
MISSING = "6f1e4a52-0d3b-4c6f-9a57-2b8c90d1e3f4"


async def test_only_what_is_sent_changes(updater: AsyncClient, reader: AsyncClient, session: AsyncSession) -> None:
    row = await make_tag(session, name="Alder")
    before = (await reader.get(f"{URL}/{row.id}")).json()
    response = await updater.patch(f"{URL}/{row.id}", json={"name": "Birch"})
    assert response.status_code == 200, response.text
    after = response.json()
    assert after["updated_at"] > before["updated_at"]
    assert after == before | {"name": "Birch", "version": 2, "updated_at": after["updated_at"]}
    assert response.headers["ETag"].startswith('"2-')


async def test_a_stale_copy_does_not_overwrite(updater: AsyncClient, existing: Tag) -> None:
    url = f"{URL}/{existing.id}"
    mine = {"If-Match": '"1"'}
    assert (await updater.patch(url, json={"name": "Birch"}, headers=mine)).status_code == 200
    response = await updater.patch(url, json={"name": "Birch"}, headers=mine)
    assert response.status_code == 412
    assert response.headers["Content-Type"] == "application/problem+json"


async def test_an_unknown_id_is_not_found(updater: AsyncClient) -> None:
    response = await updater.patch(f"{URL}/{MISSING}", json={})
    assert response.status_code == 404


@pytest.mark.parametrize("body", [{"unknown": 1}, {"id": MISSING}, {"version": 7}, {"name": None}])
async def test_a_wrong_change_is_refused(updater: AsyncClient, existing: Tag, body: dict[str, object]) -> None:
    response = await updater.patch(f"{URL}/{existing.id}", json=body)
    assert response.status_code == 422


async def test_a_name_that_is_taken_conflicts(updater: AsyncClient, session: AsyncSession, existing: Tag) -> None:
    await make_tag(session, name="Alder")
    response = await updater.patch(f"{URL}/{existing.id}", json={"name": "Alder"})
    assert response.status_code == 409
