"""Read the schema of a database and nothing else of it: a copy of SQLite, PostgreSQL in transactions that only read."""

from __future__ import annotations

import asyncio
import importlib
from typing import Any

_TYPES = (
    ("Enum", "enum"),
    ("Boolean", "bool"),
    ("Uuid", "uuid"),
    ("JSON", "json"),
    ("Integer", "int"),
    ("Float", "float"),
    ("Numeric", "decimal"),
    ("DateTime", "datetime"),
    ("Date", "date"),
    ("LargeBinary", "binary"),
    ("String", "str"),
)


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Return the tables of the database at `url`."""
    return {"tables": asyncio.run(_tables(request["url"]))}


def engine_of(url: str) -> Any:
    """Return an engine that cannot write: the server itself refuses it."""
    asyncio_engines: Any = importlib.import_module("sqlalchemy.ext.asyncio")
    pool: Any = importlib.import_module("sqlalchemy.pool")
    options: dict[str, Any] = {"poolclass": pool.NullPool, "hide_parameters": True}
    if url.startswith("postgresql"):
        options["connect_args"] = {"server_settings": {"default_transaction_read_only": "on"}, "timeout": 10}
    return asyncio_engines.create_async_engine(url, **options)


async def _tables(url: str) -> list[dict[str, Any]]:
    engine = engine_of(url)
    try:
        async with engine.connect() as connection:
            found: list[dict[str, Any]] = await connection.run_sync(_reflect)
            return found
    finally:
        await engine.dispose()


def _reflect(connection: Any) -> list[dict[str, Any]]:
    inspector: Any = importlib.import_module("sqlalchemy").inspect(connection)
    return [_table(inspector, name) for name in sorted(inspector.get_table_names())]


def _table(inspector: Any, name: str) -> dict[str, Any]:
    key: list[str] = inspector.get_pk_constraint(name).get("constrained_columns") or []
    # SQLite says all that is unique by indexes that it makes by itself.
    every = {"include_auto_indexes": True} if inspector.dialect.name == "sqlite" else {}
    indexes = [one for one in inspector.get_indexes(name, **every) if one.get("unique")]
    constraints = (*inspector.get_unique_constraints(name), *indexes)
    found: list[tuple[str | None, ...]] = [tuple(one["column_names"]) for one in constraints]
    uniques = [list(one) for one in dict.fromkeys(found) if None not in one and list(one) != key]
    columns = [_column(one) for one in inspector.get_columns(name)]
    return {
        "name": name,
        "dialect": inspector.dialect.name,
        "columns": columns,
        "key": key,
        "references": [
            {
                "columns": one["constrained_columns"],
                "table": one["referred_table"],
                "schema": one["referred_schema"],
                "to": one["referred_columns"],
                "on_delete": _on_delete(one),
            }
            for one in inspector.get_foreign_keys(name)
        ],
        "uniques": uniques,
        "checks": [str(one.get("sqltext", "")) for one in inspector.get_check_constraints(name)],
        "comment": _comment(inspector, name),
    }


def _on_delete(key: Any) -> str:
    options: dict[str, Any] = key.get("options") or {}
    return str(options.get("ondelete") or "")


def _comment(inspector: Any, name: str) -> str:
    try:
        return str(inspector.get_table_comment(name).get("text") or "")
    except NotImplementedError:
        return ""


def _column(column: dict[str, Any]) -> dict[str, Any]:
    types: Any = importlib.import_module("sqlalchemy.types")
    kind = column["type"]
    name = next((ours for theirs, ours in _TYPES if isinstance(kind, getattr(types, theirs))), "")
    return {
        "name": str(column["name"]),
        "type": name,
        "shown": _shown(kind),
        "length": getattr(kind, "length", None),
        "precision": getattr(kind, "precision", None),
        "scale": getattr(kind, "scale", None),
        "is_wide": isinstance(kind, types.BigInteger),
        "is_small": isinstance(kind, types.SmallInteger),
        "has_zone": bool(getattr(kind, "timezone", False)),
        "native": str(getattr(kind, "name", None) or ""),
        "counts_up": column.get("autoincrement") is True or bool(column.get("identity")),
        "values": [str(value) for value in getattr(kind, "enums", None) or ()],
        "nullable": bool(column["nullable"]),
        "default": None if column.get("default") is None else str(column["default"]),
        "computed": bool(column.get("computed")),
        "comment": str(column.get("comment") or ""),
    }


def _shown(kind: Any) -> str:
    try:
        return str(kind)
    except Exception:  # noqa: BLE001 - a type without a dialect cannot say how it is called
        return type(kind).__name__
