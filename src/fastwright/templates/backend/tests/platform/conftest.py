"""Applications of a test's own: with other settings, more endpoints, and a database in which commits are real."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING, Any, Protocol

import httpx2
import pytest
from fastapi import APIRouter, FastAPI

from app.log_config import configure_logging
from app.main import create_app
from app.settings import Settings
from tests.conftest import make_settings

if TYPE_CHECKING:
    from tests.platform.valkey import ValkeyServer


class Served(httpx2.AsyncClient):
    """A client that knows its application."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(transport=httpx2.ASGITransport(app=app), base_url="http://test")
        self.app = app


class Serve(Protocol):
    """Start an application with these routers and settings."""

    async def __call__(self, *routers: APIRouter, **changes: Any) -> Served: ...


@pytest.fixture
async def serve(settings: Settings, own_database: str) -> AsyncIterator[Serve]:
    """Serve applications until the test ends."""
    async with AsyncExitStack() as stack:

        async def start(*routers: APIRouter, **changes: Any) -> Served:
            app = create_app(make_settings(**{"database_url": own_database} | changes))
            for router in routers:
                app.include_router(router)
            await stack.enter_async_context(app.router.lifespan_context(app))
            return await stack.enter_async_context(Served(app))

        yield start
    configure_logging(settings)


@pytest.fixture
def valkey() -> "Iterator[ValkeyServer]":
    """A server that is shared, or is lost: a test may stop it."""
    valkeys = pytest.importorskip("tests.platform.valkey")
    server = valkeys.start_valkey(valkeys.free_port())
    yield server
    with suppress(valkeys.ValkeyServerNotStartedError):
        server.stop()
