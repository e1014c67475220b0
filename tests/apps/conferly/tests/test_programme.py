import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture
async def admin(account):
    return await account("ann")


@pytest.fixture
async def speaker(http, admin, account):
    headers = await account("sam")
    me = (await http.get("/accounts/me", headers=headers)).json()
    await http.put(f"/accounts/{me['id']}/role", json={"role": "speaker"}, headers=admin)
    return headers


async def test_attendees_cannot_submit(http, admin, account):
    attendee = await account("tom")
    body = {"title": "My talk", "abstract": "..."}
    assert (await http.post("/talks", json=body, headers=attendee)).status_code == 403
    assert (await http.post("/talks", json=body)).status_code in {401, 403}


async def test_from_submission_to_programme(http, admin, speaker):
    body = {"title": "Async all the way", "abstract": "Down.", "topics": ["python", "async"]}
    talk = (await http.post("/talks", json=body, headers=speaker)).json()
    assert [t["label"] for t in talk["topics"]] == ["async", "python"]
    assert (await http.get("/talks")).json() == {"items": [], "total": 0}

    accepted = await http.post(f"/talks/{talk['id']}/acceptance", headers=admin)
    assert accepted.json()["accepted"] is True

    room = (await http.post("/rooms", json={"name": "Aula", "seats": 300}, headers=admin)).json()
    slot = {"room_id": room["id"], "starts_at": "2025-06-01T10:00:00"}
    await http.put(f"/talks/{talk['id']}/slot", json=slot, headers=admin)

    page = (await http.get("/talks", params={"topic": "python"})).json()
    assert page["total"] == 1
    assert page["items"][0]["room"]["name"] == "Aula"
    assert page["items"][0]["speaker"]["name"] == "sam"


async def test_only_the_speaker_withdraws(http, admin, speaker):
    talk = (await http.post("/talks", json={"title": "Mine", "abstract": ""}, headers=speaker)).json()
    assert (await http.delete(f"/talks/{talk['id']}", headers=admin)).status_code == 403
    assert (await http.delete(f"/talks/{talk['id']}", headers=speaker)).status_code == 204
    assert (await http.get("/talks/mine", headers=speaker)).json() == []


async def test_rooms(http, admin, speaker):
    assert (await http.post("/rooms", json={"name": "Lab", "seats": 20}, headers=speaker)).status_code == 403
    room = (await http.post("/rooms", json={"name": "Lab", "seats": 20}, headers=admin)).json()
    assert (await http.get(f"/rooms/{room['id']}")).json()["seats"] == 20
    assert (await http.delete(f"/rooms/{room['id']}", headers=admin)).status_code == 204
    assert (await http.get("/rooms")).json() == []


async def test_log_out_everywhere(http, admin):
    assert (await http.delete("/accounts/tokens", headers=admin)).status_code == 204
    assert (await http.get("/accounts/me", headers=admin)).status_code == 401


async def test_an_address_registers_once(http, admin):
    body = {"email": "ann@conf.example", "name": "x", "password": "0123456789"}
    assert (await http.post("/accounts", json=body)).status_code == 409
