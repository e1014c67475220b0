def test_admit(rex):
    assert rex["owner"] == {"name": "Olga", "phone": "555-0100"}
    assert rex["in_ward"] is False


def test_scopes(client, token, rex):
    assert client.get("/patients").status_code == 401
    assert client.get("/patients", headers=token("visits:read")).status_code == 403
    assert client.get("/patients?species=dog", headers=token("patients:read")).json() == [rex]
    assert client.post("/patients", json={}, headers=token("patients:read")).status_code == 403


def test_ward(client, token, rex):
    assert client.post(f"/patients/{rex['id']}/ward", headers=token()).json()["in_ward"] is True
    assert client.post(f"/patients/{rex['id']}/discharge", headers=token()).json()["in_ward"] is False


def test_unknown(client, token):
    assert client.get("/patients/7", headers=token()).status_code == 404
