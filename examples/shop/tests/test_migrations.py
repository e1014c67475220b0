"""The migrations build what the models describe, and can be taken back."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, inspect

ROOT = Path(__file__).parent.parent


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "migrations.db"


@pytest.fixture
def config(database: Path) -> Config:
    config = Config(ROOT / "alembic.ini")
    config.attributes["database_url"] = f"sqlite+aiosqlite:///{database}"
    return config


def tables(database: Path) -> list[str]:
    engine = create_engine(f"sqlite:///{database}")
    names = inspect(engine).get_table_names()
    engine.dispose()
    return names


def test_up_down_up_leaves_no_difference(config: Config, database: Path) -> None:
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    assert tables(database) == ["alembic_version"]
    command.upgrade(config, "head")
    command.check(config)
