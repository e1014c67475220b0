from unittest.mock import AsyncMock

import pytest
from httpx import ASGITransport, AsyncClient

from backend.database import DatabaseManager, db_manager
from backend.entities.base import BaseEntity
from backend.main import app
from backend.services.mailer import Mailer, get_mailer


@pytest.fixture
def mailer():
    return AsyncMock(spec=Mailer)


@pytest.fixture
async def client(tmp_path, mailer):
    test_manager = DatabaseManager(f"sqlite+aiosqlite:///{tmp_path}/roastery.db")
    async with test_manager.engine.begin() as connection:
        await connection.run_sync(BaseEntity.metadata.create_all)
    app.dependency_overrides[db_manager.session_dependency] = test_manager.session_dependency
    app.dependency_overrides[get_mailer] = lambda: mailer
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://roastery") as client:
        yield client
    app.dependency_overrides = {}
    await test_manager.dispose()


@pytest.fixture
async def sidamo(client):
    payload = {"name": "Sidamo", "origin": "Ethiopia", "price_cents": 1290, "stock": 10}
    return (await client.post("/coffees/", json=payload)).json()


async def order(client, coffee, bags=2):
    payload = {"customer_email": "c@example.com", "lines": [{"coffee_id": coffee["id"], "bags": bags}]}
    return await client.post("/orders/", json=payload)


class TestCoffees:
    async def test_duplicate_name(self, client, sidamo):
        response = await client.post("/coffees/", json={"name": "Sidamo", "origin": "?", "price_cents": 1})
        assert response.status_code == 409

    async def test_restock(self, client, sidamo):
        response = await client.post(f"/coffees/{sidamo['id']}/restock", json={"bags": 5})
        assert response.json()["stock"] == 15

    async def test_unknown(self, client):
        response = await client.get("/coffees/99")
        assert response.status_code == 404
        assert response.json() == {"detail": "Coffee 99 not found"}


class TestOrders:
    async def test_place(self, client, sidamo, mailer):
        response = await order(client, sidamo)
        assert response.status_code == 201
        body = response.json()
        assert body["lines"][0]["coffee"]["stock"] == 8
        mailer.order_confirmation.assert_awaited_once_with("c@example.com", body["id"])

    async def test_out_of_stock_takes_nothing(self, client, sidamo):
        assert (await order(client, sidamo, bags=11)).status_code == 409
        assert (await client.get("/coffees/")).json()[0]["stock"] == 10

    async def test_ship_once(self, client, sidamo):
        order_id = (await order(client, sidamo)).json()["id"]
        assert (await client.post(f"/orders/{order_id}/ship")).json()["state"] == "shipped"
        assert (await client.post(f"/orders/{order_id}/ship")).status_code == 409
        assert (await client.get("/orders/")).json() == []
        assert (await client.get("/orders/", params={"state": "shipped"})).json() == [{"id": 1, "state": "shipped"}]
