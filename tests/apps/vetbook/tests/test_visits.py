import pytest


@pytest.fixture
def visit(client, token, rex):
    r = client.post(f"/patients/{rex['id']}/visits", json={"note": "Vaccinated"}, headers=token())
    assert r.status_code == 201
    return r.json()


def test_write_and_read(client, token, rex, visit):
    assert visit["vet"]["username"] == "vera"
    assert client.get(f"/patients/{rex['id']}/visits", headers=token("visits:read")).json() == [visit]
    assert client.get(f"/patients/{rex['id']}/visits").status_code == 401


def test_correct(client, token, rex, visit):
    url = f"/patients/{rex['id']}/visits/{visit['id']}"
    assert client.put(url, json={"note": "Dewormed"}, headers=token()).json()["note"] == "Dewormed"
    assert client.put(url, json={"note": "x"}, headers=token("visits:read")).status_code == 403


def test_colleagues_do_not_correct(client, token, rex, visit):
    new = {"username": "carl", "full_name": "Carl", "password": "pw", "scopes": ["visits:read", "visits:write"]}
    assert client.post("/users", json=new, headers=token()).status_code == 201
    carl = token("visits:read visits:write", "carl")
    url = f"/patients/{rex['id']}/visits/{visit['id']}"
    assert client.put(url, json={"note": "x"}, headers=carl).status_code == 403


def test_delete(client, token, rex, visit):
    url = f"/patients/{rex['id']}/visits/{visit['id']}"
    assert client.delete(url, headers=token()).status_code == 204
    assert client.get(f"/patients/{rex['id']}/visits", headers=token()).json() == []


def test_me(client, token):
    assert client.get("/users/me", headers=token("")).json()["full_name"] == "Vera Vet"
    assert client.get("/users/me").status_code == 401
