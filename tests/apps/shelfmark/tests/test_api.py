import pytest
from fastapi.testclient import TestClient
from shelfmark.main import create_app
from shelfmark.models import Reader
from shelfmark.settings import Settings

DUNE = {"isbn": "9780441013593", "title": "Dune", "author": "Frank Herbert", "pages": 612}


@pytest.fixture
def settings(tmp_path):
    return Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/t.db", secret="x" * 40)


@pytest.fixture
def client(settings):
    with TestClient(create_app(settings)) as client:
        yield client


def login(client, username, librarian=False):
    creds = {"username": username, "password": "password-1"}
    client.post("/auth/signup", json=creds)
    if librarian:
        with client.app.state.sessionmaker.begin() as db:
            db.query(Reader).filter_by(username=username).update({"is_librarian": True})
    token = client.post("/auth/token", data=creds).json()["access_token"]
    return {"Authorization": "Bearer " + token}


@pytest.fixture
def librarian(client):
    return login(client, "marian", librarian=True)


@pytest.fixture
def reader(client):
    return login(client, "remy")


def test_settings_are_required(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("SECRET", raising=False)
    with pytest.raises(ValueError, match="database_url"):
        Settings(_env_file=None)


def test_books(client, librarian, reader):
    assert client.post("/books", json=DUNE, headers=reader).status_code == 403
    assert client.post("/books", json=DUNE, headers=librarian).status_code == 201
    assert client.post("/books", json=DUNE, headers=librarian).status_code == 409
    assert client.get("/books?author=herbert").json()[0]["title"] == "Dune"
    assert client.delete("/books/" + DUNE["isbn"], headers=librarian).status_code == 204
    assert client.get("/books/" + DUNE["isbn"]).status_code == 404


def test_list(client, librarian, reader):
    client.post("/books", json=DUNE, headers=librarian)
    entry = client.post("/list", json={"isbn": DUNE["isbn"]}, headers=reader).json()
    assert entry["book"]["title"] == "Dune"
    assert client.post("/list", json={"isbn": DUNE["isbn"]}, headers=reader).status_code == 409

    patch = {"progress": "done", "rating": 5}
    assert client.patch(f"/list/{entry['id']}", json=patch, headers=reader).json()["rating"] == 5
    assert client.patch(f"/list/{entry['id']}", json=patch, headers=librarian).status_code == 404
    assert client.get("/list?progress=want", headers=reader).json() == []
    assert client.get(f"/list/ratings/{DUNE['isbn']}", headers=reader).json() == {"average": 5.0}


@pytest.mark.parametrize("url", ["/list", "/list/ratings/1", "/auth/me"])
def test_strangers(client, url):
    assert client.get(url).status_code == 401


def test_closed_signup(settings):
    settings.signup_open = False
    with TestClient(create_app(settings)) as client:
        assert client.get("/status").json() == {"signup_open": False}
        assert client.post("/auth/signup", json={"username": "abc", "password": "12345678"}).status_code == 409
