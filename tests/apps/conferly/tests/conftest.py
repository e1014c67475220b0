import httpx
import pytest
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from conferly.database import Base, get_session
from conferly.main import app


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def session_factory(tmp_path):
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield async_sessionmaker(engine, expire_on_commit=False)
    await engine.dispose()


@pytest.fixture
async def http(session_factory):
    async def override():
        async with session_factory() as session:
            yield session

    app.dependency_overrides[get_session] = override
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
    app.dependency_overrides.clear()


@pytest.fixture
async def account(http):
    """Factory: registers, logs in, and gives the headers; the first account becomes the admin."""

    async def make(name: str) -> dict[str, str]:
        email, password = f"{name}@conf.example", "correct horse battery"
        await http.post("/accounts", json={"email": email, "name": name, "password": password})
        response = await http.post("/accounts/tokens", json={"email": email, "password": password})
        return {"Authorization": f"Bearer {response.json()['token']}"}

    return make
