"""Runs the migrations, on the database of the application's settings or on the one that a caller names."""

import asyncio
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.database import ExactDecimal, UtcDateTime
from app.models import Base
from app.settings import get_settings


def _url() -> str:
    url: str = context.config.attributes.get("database_url") or get_settings().database_url
    return url


def _render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as SQLAlchemy's own: a migration must not change when the application's code does."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, ExactDecimal):
        return f'sa.Numeric({item.precision}, {item.scale}).with_variant(sa.BigInteger(), "sqlite")'
    return False


def _migrate(**where: Any) -> None:  # noqa: ANN401 - handed on as it is
    context.configure(target_metadata=Base.metadata, render_item=_render_item, **where)
    with context.begin_transaction():
        context.run_migrations()


def _migrate_on(connection: Connection) -> None:
    # SQLite can hardly alter a table: Alembic then writes a new one and copies the rows.
    _migrate(connection=connection, render_as_batch=connection.dialect.name == "sqlite")


async def _migrate_online() -> None:
    engine = create_async_engine(_url(), poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(_migrate_on)
    await engine.dispose()


if context.is_offline_mode():
    _migrate(url=_url(), literal_binds=True, dialect_opts={"paramstyle": "named"})
else:
    asyncio.run(_migrate_online())
