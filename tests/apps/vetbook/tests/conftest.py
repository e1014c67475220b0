import pytest
from fastapi.testclient import TestClient
from sqlalchemy import StaticPool, create_engine
from sqlalchemy.orm import sessionmaker

from vetbook.db import Base, get_db
from vetbook.main import app
from vetbook.users.models import User
from vetbook.users.security import hash_password

ALL = "patients:read patients:write visits:read visits:write users:manage"


@pytest.fixture
def client():
    engine = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)
    Base.metadata.create_all(engine)
    make = sessionmaker(engine)
    with make.begin() as db:
        db.add(User(username="vera", full_name="Vera Vet", hashed_password=hash_password("pw"), scopes=ALL))

    def override():
        with make() as db:
            yield db

    app.dependency_overrides[get_db] = override
    # not as a context manager: no startup, the real database stays away
    yield TestClient(app)
    app.dependency_overrides.pop(get_db)


@pytest.fixture
def token(client):
    def get(scope=ALL, username="vera"):
        r = client.post("/token", data={"username": username, "password": "pw", "scope": scope})
        assert r.status_code == 200, r.text
        return {"Authorization": f"Bearer {r.json()['access_token']}"}

    return get


@pytest.fixture
def rex(client, token):
    body = {"name": "Rex", "species": "dog", "owner": {"name": "Olga", "phone": "555-0100"}}
    return client.post("/patients", json=body, headers=token()).json()
