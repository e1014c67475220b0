import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import StaticPool

from bazaar.database import Base, get_db
from bazaar.main import app
from bazaar.models import User


@pytest.fixture
def client():
    engine = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)
    Base.metadata.create_all(engine)
    factory = sessionmaker(engine)
    with factory() as db:
        db.add(User(id=1, email="ada@example.com", name="Ada", hashed_password="!"))
        db.commit()

    def own_db():
        with factory() as db:
            yield db

    app.dependency_overrides[get_db] = own_db
    yield TestClient(app)
    app.dependency_overrides.clear()
    engine.dispose()
