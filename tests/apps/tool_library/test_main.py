import os

os.environ["DB_URL"] = "sqlite:///./test.db"

import pytest
from fastapi.testclient import TestClient

from main import Base, app, engine

client = TestClient(app)


@pytest.fixture(autouse=True)
def empty_db():
    Base.metadata.drop_all(bind=engine)
    Base.metadata.create_all(bind=engine)
    yield


def login_as(name):
    email = f"{name}@street.example"
    client.post("/signup", json={"email": email, "display_name": name.title(), "password": "hammer99"})
    token = client.post("/login", json={"email": email, "password": "hammer99"}).json()["token"]
    return {"Authorization": f"Bearer {token}"}


def test_index():
    assert client.get("/").json() == {"hello": "neighbour"}


def test_everybody_sees_the_tools():
    keeper = login_as("ada")
    client.post("/tools", json={"name": "Ladder", "shelf": "A1"}, headers=keeper)
    client.post("/tools", json={"name": "Drill", "notes": "with case"}, headers=keeper)

    assert [t["name"] for t in client.get("/tools").json()] == ["Drill", "Ladder"]
    assert [t["name"] for t in client.get("/tools?q=case").json()] == ["Drill"]


def test_only_keepers_add_tools():
    login_as("ada")
    second = login_as("bob")
    assert client.post("/tools", json={"name": "Saw"}, headers=second).status_code == 403
    assert client.post("/tools", json={"name": "Saw"}).status_code in (401, 403)


def test_borrow_and_return():
    keeper = login_as("ada")
    bob = login_as("bob")
    tool = client.post("/tools", json={"name": "Ladder"}, headers=keeper).json()

    r = client.post("/loans", json={"tool_id": tool["id"]}, headers=bob)
    assert r.status_code == 201
    assert r.json()["member"]["display_name"] == "Bob"

    r2 = client.post("/loans", json={"tool_id": tool["id"]}, headers=keeper)
    assert r2.status_code == 409
    assert "Bob has it" in r2.json()["detail"]

    assert len(client.get("/loans", headers=bob).json()) == 1
    assert client.post(f"/loans/{r.json()['id']}/return", headers=bob).status_code == 200
    assert client.get("/loans", headers=bob).json() == []


def test_retired_tools_are_hidden():
    keeper = login_as("ada")
    tool = client.post("/tools", json={"name": "Old saw"}, headers=keeper).json()
    assert client.delete(f"/tools/{tool['id']}", headers=keeper).status_code == 204
    assert client.get("/tools").json() == []


def test_overdue():
    keeper = login_as("ada")
    tool = client.post("/tools", json={"name": "Ladder"}, headers=keeper).json()
    client.post("/loans", json={"tool_id": tool["id"], "days": -1}, headers=keeper)
    assert client.get("/overdue", headers=keeper).json()[0]["tool"] == "Ladder"
