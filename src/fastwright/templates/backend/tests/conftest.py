"""The application under test: its database is built by the migrations, and every test is rolled back.

It is a file of SQLite, or on the PostgreSQL server that `TEST_DATABASE_URL` names.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from alembic import command
from alembic.config import Config
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Row, Select, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, async_sessionmaker
from typing_extensions import override

from app.auth.models import Login
from app.auth.roles import Role
from app.auth.tokens import encode_access_token
from app.database import Database, utc_now
from app.main import create_app
from app.settings import Environment, Settings
from app.users.models import User
from tests.databases import Databases, PostgresServer, SqliteFiles
from tests.support import MemoryMailer, StatementCounter

ROOT = Path(__file__).parent.parent

AsUser = Callable[[User], Awaitable[httpx2.AsyncClient]]
MakeUser = Callable[..., Awaitable[User]]
CountStatements = Callable[[], AbstractContextManager[StatementCounter]]


class OneTransaction(Database):
    """A database whose sessions and reads are all on one connection."""

    def use(self, connection: AsyncConnection) -> None:
        """Make everything from here on a part of the transaction of `connection`."""
        self.connection = connection
        self.sessions = async_sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")

    @asynccontextmanager
    @override
    async def read(self) -> AsyncIterator[AsyncConnection]:
        yield self.connection

    @override
    async def fetch(self, statement: Select[*tuple[Any, ...]], **values: object) -> Sequence[Row[*tuple[Any, ...]]]:
        return (await self.connection.execute(statement, values)).all()


def make_settings(database_url: str, **changes: Any) -> Settings:
    """Return the settings of a test, with cheap hashes and without limits that a test would run into."""
    values: dict[str, Any] = {
        "environment": Environment.TEST,
        "project_name": "test",
        "secret_key": SecretStr("a-secret-of-the-tests-that-is-long-enough"),
        "database_url": database_url,
        "rate_limit": "100000/minute",
        "principal_cache_seconds": 0,
        "argon2_memory_kib": 8,
        "argon2_time_cost": 1,
        "log_level": "WARNING",
        "run_tasks": False,  # requests of a test share one connection: work is done when a test says `tasks.drain()`
        "cors_origins": ["https://shop.example"],
    }
    return Settings(_env_file=None, **values | changes)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Where tests get databases from."""
    server = os.environ.get("TEST_DATABASE_URL")
    databases = PostgresServer(server) if server else SqliteFiles(tmp_path_factory.mktemp("databases"))
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def migrated(databases: Databases) -> str:
    """The database that the migrations build, once for a run; it is only ever copied."""
    config = Config(ROOT / "alembic.ini")
    config.attributes["database_url"] = url = databases.new()
    command.upgrade(config, "head")
    return url


@pytest.fixture
def own_database(databases: Databases, migrated: str) -> str:
    """A database of the test's own, for what commits."""
    return databases.copy(migrated)


@pytest.fixture(scope="session")
def settings(databases: Databases, migrated: str) -> Settings:
    return make_settings(databases.copy(migrated))


@pytest.fixture(scope="session")
def application(settings: Settings) -> FastAPI:
    return create_app(settings)


@pytest.fixture
def mailbox() -> MemoryMailer:
    return MemoryMailer()


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """A database whose sessions all live in one transaction, which is rolled back after the test."""
    database = OneTransaction(settings)
    if database.engine.dialect.name == "sqlite":
        event.listen(database.engine.sync_engine, "connect", _leave_transactions_to_sqlalchemy)
        event.listen(database.engine.sync_engine, "begin", _begin)
    async with database.engine.connect() as connection:
        transaction = await connection.begin()
        database.use(connection)
        yield database
        await transaction.rollback()
    await database.dispose()


@pytest.fixture
async def app(application: FastAPI, database: Database, mailbox: MemoryMailer) -> AsyncIterator[FastAPI]:
    """The running application."""
    async with application.router.lifespan_context(application):
        started = application.state.database
        application.state.database = application.state.services.database = database
        application.state.services.mailer = mailbox
        await application.state.limiter.storage.reset()
        yield application
        application.state.database = started


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """A client that nobody knows."""
    async with _client(app) as client:
        yield client


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    """A session in the transaction of the test: sees what the application wrote, and the other way round."""
    async with database.sessions() as session:
        yield session


@pytest.fixture
def make_user(app: FastAPI, session: AsyncSession) -> MakeUser:
    """Make users with unique e-mail addresses; a password is hashed only if one is given."""
    numbers = iter(range(1, 10_000))

    async def make(
        *, role: Role = Role.USER, email: str | None = None, verified: bool = True, password: str | None = None
    ) -> User:
        number = next(numbers)
        user = User(
            email=email or f"user{number}@example.com",
            display_name=f"User {number}",
            role=role,
            password_hash=await app.state.hasher.hash(password) if password else "!",
            email_verified_at=utc_now() if verified else None,
        )
        session.add(user)
        await session.flush()
        return user

    return make


@pytest.fixture
async def as_user(app: FastAPI, session: AsyncSession, settings: Settings) -> AsyncIterator[AsUser]:
    """Return a client that is logged in as a user, without the cost of a password."""
    async with AsyncExitStack() as stack:

        async def log_in(user: User) -> httpx2.AsyncClient:
            now = utc_now()
            login = Login(user_id=user.id, created_at=now, last_used_at=now, expires_at=now + timedelta(days=1))
            session.add(login)
            await session.flush()
            token = encode_access_token(settings, user_id=user.id, login_id=login.id)
            client = await stack.enter_async_context(_client(app))
            client.headers["Authorization"] = f"Bearer {token}"
            return client

        yield log_in


@pytest.fixture
def count_statements(database: Database) -> CountStatements:
    """Count what is sent to the database: `with count_statements() as counter: …`, then `counter.count`."""

    @contextmanager
    def count() -> Iterator[StatementCounter]:
        counter = StatementCounter()
        event.listen(database.engine.sync_engine, "before_cursor_execute", counter)
        try:
            yield counter
        finally:
            event.remove(database.engine.sync_engine, "before_cursor_execute", counter)

    return count


def _client(app: FastAPI) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test")


def _leave_transactions_to_sqlalchemy(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # the driver would break savepoints


def _begin(connection: object) -> None:
    connection.exec_driver_sql("BEGIN")  # type: ignore[attr-defined]
