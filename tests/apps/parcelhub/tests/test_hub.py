import os
import tempfile

os.environ["PARCELHUB_DB"] = "sqlite:///" + os.path.join(tempfile.mkdtemp(), "t.db")

import pytest
from fastapi.testclient import TestClient
from parcelhub.db import Base, engine
from parcelhub.main import app

ROOT = {"X-Staff-Token": "root"}


@pytest.fixture
def c():
    Base.metadata.drop_all(engine)
    with TestClient(app) as c:
        yield c


@pytest.fixture
def depot(c):
    return c.post("/api/v1/admin/depots", json={"code": "HAM1", "city": "Hamburg"}, headers=ROOT).json()


def hire(c, role, **more):
    r = c.post("/api/v1/admin/staff", json={"login": role, "role": role, **more}, headers=ROOT)
    assert r.status_code == 201
    return {"X-Staff-Token": r.json()["token"]}


def parcel(c, depot, headers=ROOT, tracking="PH000001"):
    body = {"tracking": tracking, "recipient": "E. Example", "weight_kg": "1.250", "depot_id": depot["id"]}
    return c.post("/api/v1/parcels", json=body, headers=headers)


def test_health(c):
    assert c.get("/healthz").json() == {"ok": True}


def test_couriers_scan_but_do_not_accept(c, depot):
    courier = hire(c, "courier")
    assert parcel(c, depot, courier).status_code == 403
    p = parcel(c, depot).json()
    assert c.post(f"/api/v1/parcels/{p['id']}/scans", json={"what": "out"}, headers=courier).status_code == 201


def test_recipients_track_without_login(c, depot):
    parcel(c, depot)
    r = c.get("/api/v1/track/PH000001")
    assert r.status_code == 200
    assert [s["what"] for s in r.json()["history"]] == ["in"]
    assert "recipient" not in r.json()
    assert c.get("/api/v1/track/nope").status_code == 404


def test_staff_only(c, depot):
    for url in ("/api/v1/parcels", "/api/v1/depots/", "/api/v1/admin/staff"):
        assert c.get(url).status_code in (401, 403)
        assert c.get(url, headers={"X-Staff-Token": "wrong"}).status_code == 401
        assert c.get(url, headers=ROOT).status_code == 200


def test_admin_is_for_admins(c):
    d = hire(c, "dispatcher")
    assert c.get("/api/v1/admin/staff", headers=d).status_code == 403
    assert c.post("/api/v1/admin/depots", json={"code": "X", "city": "Y"}, headers=d).status_code == 403


def test_depots_with_parcels_stay_open(c, depot):
    parcel(c, depot)
    assert c.delete(f"/api/v1/admin/depots/{depot['id']}", headers=ROOT).status_code == 409


def test_colleagues(c, depot):
    me = hire(c, "courier", depot_id=depot["id"])
    hire(c, "dispatcher", depot_id=depot["id"])
    assert len(c.get("/api/v1/depots/colleagues", headers=me).json()) == 2


def test_fire(c):
    hire(c, "courier")
    staff = {s["login"]: s["id"] for s in c.get("/api/v1/admin/staff", headers=ROOT).json()}
    assert c.delete(f"/api/v1/admin/staff/{staff['root']}", headers=ROOT).status_code == 409
    assert c.delete(f"/api/v1/admin/staff/{staff['courier']}", headers=ROOT).status_code == 204
