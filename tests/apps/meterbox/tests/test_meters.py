import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from meterbox.app import app
from meterbox.orm import Base, Device, get_session


@pytest.fixture()
def session():
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    Base.metadata.create_all(engine)
    with Session(engine) as s:
        s.add(Device(label="landlord", api_key="LL", is_admin=True))
        s.add(Device(label="cellar", api_key="CE"))
        s.commit()
        yield s


@pytest.fixture()
def client(session):
    app.dependency_overrides[get_session] = lambda: session
    yield TestClient(app)
    app.dependency_overrides.clear()


CELLAR = {"X-Device-Key": "CE"}
LANDLORD = {"X-Device-Key": "LL"}


@pytest.fixture()
def meters(client):
    for serial, public in (("W-1", False), ("E-1", True)):
        r = client.post("/meters", json={"serial": serial, "unit": "kWh", "public": public}, headers=CELLAR)
        assert r.status_code == 201


def serials(client, headers=None):
    return [m["serial"] for m in client.get("/meters", headers=headers).json()]


def test_strangers_see_public_meters(client, meters):
    assert serials(client) == ["E-1"]
    assert serials(client, {"X-Device-Key": "wrong"}) == ["E-1"]


def test_devices_see_their_own(client, meters):
    assert serials(client, CELLAR) == ["E-1", "W-1"]


def test_strangers_do_not_write(client, meters):
    assert client.post("/meters", json={"serial": "X", "unit": "l"}).status_code == 403
    assert client.post("/meters/E-1/readings", json={"value": 1}).status_code == 403


def test_consumption(client, meters):
    for day, value in enumerate((100, 104.5, 111), start=1):
        r = client.post(
            "/meters/E-1/readings", json={"value": value, "taken_at": f"2024-12-0{day}T12:00:00Z"}, headers=CELLAR
        )
        assert r.status_code == 201
    assert client.get("/meters/E-1/consumption", headers=CELLAR).json()["used"] == 11
    assert len(client.get("/meters/E-1/readings?last=2").json()) == 2
    assert client.get("/meters/W-1/readings").status_code == 404


def test_readings_of_others(client, meters):
    assert client.post("/meters/E-1/readings", json={"value": 1}, headers=LANDLORD).status_code == 404


def test_serial_is_unique(client, meters):
    assert client.post("/meters", json={"serial": "E - 1", "unit": "kWh"}, headers=CELLAR).status_code == 409


def test_devices_are_for_the_landlord(client):
    assert client.get("/devices", headers=CELLAR).status_code == 403
    new = client.post("/devices", json={"label": "attic"}, headers=LANDLORD).json()
    assert [d["label"] for d in client.get("/devices", headers=LANDLORD).json()] == ["attic", "cellar", "landlord"]
    assert serials(client, {"X-Device-Key": new["api_key"]}) == []
