from collections.abc import Generator

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, SQLModel, create_engine
from sqlmodel.pool import StaticPool

from app.core.config import settings
from app.core.db import init_db
from app.deps import get_db
from app.main import app


@pytest.fixture
def db() -> Generator[Session, None, None]:
    engine = create_engine(
        "sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool
    )
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        init_db(session)
        yield session


@pytest.fixture
def client(db: Session) -> Generator[TestClient, None, None]:
    app.dependency_overrides[get_db] = lambda: db
    with TestClient(app) as c:
        yield c
    app.dependency_overrides.clear()


@pytest.fixture
def superuser_token_headers(client: TestClient) -> dict[str, str]:
    login_data = {
        "username": settings.FIRST_SUPERUSER,
        "password": settings.FIRST_SUPERUSER_PASSWORD,
    }
    r = client.post(f"{settings.API_V1_STR}/login/access-token", data=login_data)
    return {"Authorization": f"Bearer {r.json()['access_token']}"}


@pytest.fixture
def normal_user_token_headers(client: TestClient) -> dict[str, str]:
    data = {"email": "rosa@example.com", "password": "seedlings"}
    client.post(f"{settings.API_V1_STR}/users/signup", json=data)
    r = client.post(
        f"{settings.API_V1_STR}/login/access-token",
        data={"username": data["email"], "password": data["password"]},
    )
    return {"Authorization": f"Bearer {r.json()['access_token']}"}
