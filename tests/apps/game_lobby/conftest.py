import os

os.environ.setdefault("LOBBY_DB", "sqlite://")

import pytest
from fastapi.testclient import TestClient

from lobby.server import app
from lobby.storage import Model, engine


@pytest.fixture
def browser():
    """A new browser: its own cookies."""

    Model.metadata.drop_all(engine)
    Model.metadata.create_all(engine)

    def open_one(nick=None):
        client = TestClient(app)
        if nick:
            assert client.post("/join", json={"nick": nick}).status_code == 204
        return client

    return open_one
