"""The migrations build what the models describe, and can be taken back."""

import asyncio
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import create_async_engine

from tests.databases import Databases

ROOT = Path(__file__).parent.parent


@pytest.fixture
def database(databases: Databases) -> str:
    return databases.new()


@pytest.fixture
def config(database: str) -> Config:
    config = Config(ROOT / "alembic.ini")
    config.attributes["database_url"] = database
    return config


def tables(database: str) -> list[str]:
    async def look() -> list[str]:
        engine = create_async_engine(database)
        async with engine.connect() as connection:
            names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        await engine.dispose()
        return names

    return asyncio.run(look())


def test_up_down_up_leaves_no_difference(config: Config, database: str) -> None:
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    assert tables(database) == ["alembic_version"]
    command.upgrade(config, "head")
    command.check(config)
