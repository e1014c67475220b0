"""The engine, the session that owns the transaction, and the column types that behave alike everywhere."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, DateTime, Dialect, MetaData, Numeric, Row, Select, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlalchemy.util import greenlet_spawn
from starlette.requests import Request
from typing_extensions import override

from app.errors import AppError
from app.settings import Settings

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def utc_now() -> datetime:
    """Return the current moment, aware."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC: aware in, aware out. SQLite stores no zone, so it is added again on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else self.check(value)

    @staticmethod
    def check(value: datetime) -> datetime:
        """Return the same moment in UTC, or raise `ValueError` if it could be any moment."""
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone cannot be stored")
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """An exact decimal: NUMERIC, but a scaled integer on SQLite, which has no decimals and would make it a float.

    Comparing, sorting and adding up are exact on both. Other arithmetic belongs in Python.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale)
        self.precision = precision
        self.scale = scale

    def check(self, value: Decimal) -> Decimal:
        """Return `value` if it fits without being rounded, or raise `ValueError`."""
        if not value.is_finite() or abs(value) >= 10 ** (self.precision - self.scale):
            raise ValueError(f"{value} does not fit into {self.precision} digits with {self.scale} decimal places")
        if value != round(value, self.scale):
            raise ValueError(f"{value} has more than {self.scale} decimal places")
        return value

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(self.precision, self.scale))

    @override
    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | int | None:
        if value is None:
            return None
        exact = self.check(Decimal(value))
        return int(exact.scaleb(self.scale)) if dialect.name == "sqlite" else exact

    @override
    def process_result_value(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value).scaleb(-self.scale) if dialect.name == "sqlite" else Decimal(value)


class Base(DeclarativeBase):
    """The root of all tables; its naming convention gives every constraint a name that a migration can drop."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime}


class Record(Base):
    """What every table of the domain has: an identifier nobody can guess, timestamps, and a version for ETags."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    @classmethod
    @override
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}  # an UPDATE of a stale version fails instead of winning


class Database:
    """One engine and its sessions, for the lifetime of the application."""

    def __init__(self, settings: Settings) -> None:
        self.engine = _make_engine(settings)
        self.sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        # What only reads needs no transaction, which saves beginning and ending one: each statement sees what is
        # committed when it starts, as in a transaction of PostgreSQL. A connection is told so and not an engine:
        # SQLAlchemy takes longer over every statement of an engine that has options of its own.
        self._reading = {} if self.engine.dialect.name == "sqlite" else {"isolation_level": "AUTOCOMMIT"}

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection for what only reads, outside of any transaction."""
        async with self.engine.connect() as connection:
            yield await connection.execution_options(**self._reading)

    async def fetch(self, statement: Select[*tuple[Any, ...]], **values: object) -> Sequence[Row[*tuple[Any, ...]]]:
        """Return the rows of one statement that only reads, as `read()` does, in one step instead of three."""

        def fetch() -> Sequence[Row[*tuple[Any, ...]]]:
            with self.engine.sync_engine.connect() as connection:
                return connection.execution_options(**self._reading).execute(statement, values).all()

        return await greenlet_spawn(fetch)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """Yield a session whose transaction is committed at the end, or rolled back on any error.

        The exception to that is an error that `keeps_changes`.
        """
        session = self.sessions()
        try:
            yield session
            await session.commit()  # after which there is nothing to be closed
        except BaseException as error:
            async with session:
                await _give_up(session, error)
            raise

    async def ping(self) -> None:
        """Raise the driver's error if the database does not answer."""
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def dispose(self) -> None:
        """Close the pool."""
        await self.engine.dispose()


async def _give_up(session: AsyncSession, error: BaseException) -> None:
    try:
        if isinstance(error, AppError) and error.keeps_changes:
            await session.commit()
    finally:
        # Closing is not enough after a commit that failed: SQLite's transaction is still open, and the next user of the
        # connection would be in it.
        await session.rollback()


def _make_engine(settings: Settings) -> AsyncEngine:
    # Parameters are kept out of error messages, and so out of the logs: they are people's data (CWE-532).
    if settings.database_url.startswith("sqlite"):
        engine = create_async_engine(settings.database_url, hide_parameters=True)
        event.listen(engine.sync_engine, "connect", _configure_sqlite)
        return engine
    engine = create_async_engine(
        settings.database_url,
        hide_parameters=True,
        pool_size=settings.database_pool_size,
        max_overflow=settings.database_max_overflow,
        pool_timeout=settings.database_pool_timeout,
        connect_args={"server_settings": {"statement_timeout": str(settings.database_statement_timeout_ms)}},
    )
    event.listen(engine.sync_engine, "do_connect", _connect)
    event.listen(engine.sync_engine, "checkout", _replace_if_closed)
    return engine


def _connect(dialect: Dialect, _record: object, address: list[Any], options: dict[str, Any]) -> DBAPIConnection:
    """Raise one kind of error wherever no server answers: a host may have no address, or a socket no folder."""
    try:
        return dialect.connect(*address, **options)
    except OSError as error:
        raise ConnectionError(str(error)) from error


def _replace_if_closed(connection: DBAPIConnection, _record: object, _proxy: object) -> None:
    """Make the pool replace a connection that the server has closed; `pool_pre_ping` would ask it for every request."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _configure_sqlite(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """Yield the session of one request; it commits before the response, so a failed commit is never a success."""
    database: Database = request.app.state.database
    async with database.session() as session:
        yield session
