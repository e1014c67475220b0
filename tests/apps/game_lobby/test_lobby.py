import pytest
from starlette.websockets import WebSocketDisconnect

OP = ("operator", "operator")


def test_join_and_open(browser):
    kim = browser("kim")
    table = kim.post("/tables", json={"game": "Go", "seats": 2}).json()
    assert table == {"id": 1, "game": "Go", "seats": 2, "host": "kim"}
    assert browser_list(kim) == ["Go"]


def browser_list(client):
    return [t["game"] for t in client.get("/tables").json()]


def test_nicks_are_unique(browser):
    browser("kim")
    stranger = browser_without_reset()
    assert stranger.post("/join", json={"nick": "kim"}).status_code == 409


def browser_without_reset():
    from fastapi.testclient import TestClient

    from lobby.server import app

    return TestClient(app)


def test_strangers_look_but_do_not_open(browser):
    stranger = browser()
    assert stranger.get("/tables").status_code == 200
    assert stranger.post("/tables", json={"game": "Go"}).status_code in (401, 403)


def test_chat(browser):
    kim = browser("kim")
    kim.post("/tables", json={"game": "Go", "seats": 2})
    key = kim.cookies["lobby_session"]
    with kim.websocket_connect(f"/tables/1/ws?key={key}") as ws:
        ws.send_text("hello")
        assert ws.receive_json()["text"] == "hello"
    assert [l["text"] for l in kim.get("/tables/1/chat").json()] == ["hello"]


def test_chat_needs_a_key(browser):
    with pytest.raises(WebSocketDisconnect) as e:
        with browser().websocket_connect("/tables/1/ws"):
            pass
    assert e.value.code == 1008


def test_everybody_watches(browser):
    with browser().websocket_connect("/watch") as ws:
        assert ws.receive_json() == {}


def test_backoffice(browser):
    kim = browser("kim")
    kim.post("/tables", json={"game": "Go"})
    assert kim.get("/backoffice/numbers").status_code == 401
    assert kim.get("/backoffice/numbers", auth=OP).json() == {"players": 1, "tables": 1, "lines": 0}
    assert kim.post("/backoffice/tables/1/close", auth=OP).status_code == 204
    assert browser_list(kim) == []


def test_banned(browser):
    kim = browser("kim")
    assert kim.put("/backoffice/players/kim/ban", json={}, auth=OP).status_code == 204
    assert kim.post("/tables", json={"game": "Go"}).status_code == 403
