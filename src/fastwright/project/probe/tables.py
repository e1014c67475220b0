"""The models and tables of SQLAlchemy and SQLModel, as the mappers know them."""

from __future__ import annotations

import re
from typing import Any

from fastwright.project.probe.foreign import foreign
from fastwright.project.probe.naming import type_name
from fastwright.project.probe.places import place

_CALLED = re.compile(r"DEFAULT (\w+\([^()]*\))")


def describe(mappers: list[Any], tables: list[Any]) -> dict[str, Any]:
    """Return all models, the tables that no model has, and what could not be set up."""
    if not mappers and not tables:
        return {"models": [], "tables": [], "problem": ""}
    problem = _configured() if mappers else ""
    mapped = {id(mapper.local_table) for mapper in mappers}
    return {
        "models": [_model(mapper, not problem) for mapper in mappers],
        "tables": [_table(table) for table in alive(tables) if id(table) not in mapped],
        "problem": problem,
    }


def create(tables: list[Any], path: str) -> None:
    """Create the tables that SQLite can have in the scratch database at `path`, so that the startup finds them.

    Schemas are attached when the engine connects, as they are for the engines of the app.
    """
    bracket_defaults()
    engine = foreign("sqlalchemy").create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA synchronous=OFF")
        for table in alive(tables):
            try:
                table.create(connection, checkfirst=True)
            except Exception:  # noqa: BLE001, S112 - types of other databases; the app may not need this table
                continue
    engine.dispose()


def bracket_defaults() -> None:
    """Let the default of a column call a function: SQLite wants brackets around that, and old SQLAlchemy sets none."""

    def shown(element: Any, compiler: Any, **options: Any) -> Any:
        text = compiler.visit_create_column(element, **options)
        return text and _CALLED.sub(r"DEFAULT (\1)", text)

    foreign("sqlalchemy.ext.compiler").compiles(foreign("sqlalchemy.schema").CreateColumn, "sqlite")(shown)


def alive(tables: list[Any]) -> list[Any]:
    """Return the tables that are still in their metadata, each once: `extend_existing` attaches one again."""
    return [table for table in dict.fromkeys(tables) if table.metadata.tables.get(table.key) is table]


def _configured() -> str:
    try:
        foreign("sqlalchemy.orm").configure_mappers()
    except Exception as error:  # noqa: BLE001 - whatever a model raises is told
        return f"{type(error).__name__}: {error}"
    return ""


def _model(mapper: Any, configured: bool) -> dict[str, Any]:
    return {
        "name": mapper.class_.__name__,
        "place": {**place(mapper.class_), "line": None},
        "table": getattr(mapper.local_table, "name", None),
        "columns": [_column(attribute.key, attribute.columns[0]) for attribute in _keys_first(mapper)]
        if configured
        else [],
        "relations": [_relation(relation) for relation in mapper.relationships] if configured else [],
        "indexes": _indexes(mapper.local_table),
    }


def _keys_first(mapper: Any) -> list[Any]:
    """Return the columns in their order, but the primary key first: mixins and bases move it about."""
    return sorted(mapper.column_attrs, key=lambda attribute: not getattr(attribute.columns[0], "primary_key", False))


def _table(table: Any) -> dict[str, Any]:
    return {
        "name": table.name,
        "columns": [_column(column.key, column) for column in table.columns],
        "indexes": _indexes(table),
    }


def _column(name: str, column: Any) -> dict[str, Any]:
    keys = sorted(key.target_fullname for key in getattr(column, "foreign_keys", ()))
    return {
        "name": name,
        "column": str(getattr(column, "name", name)),
        "type": _type(column.type),
        "nullable": bool(getattr(column, "nullable", True)),
        "primary_key": bool(getattr(column, "primary_key", False)),
        "foreign_key": keys[0] if keys else None,
        "index": bool(getattr(column, "index", False)),
        "unique": bool(getattr(column, "unique", False)),
    }


def _type(kind: Any) -> str:
    try:
        return str(kind)
    except Exception:  # noqa: BLE001 - a type of another database has no generic name
        return type(kind).__name__


def _relation(relation: Any) -> dict[str, Any]:
    return {
        "name": relation.key,
        "target": type_name(relation.mapper.class_),
        "uselist": bool(relation.uselist),
        "lazy": str(relation.lazy),
        "secondary": getattr(relation.secondary, "name", None),
        "back_populates": relation.back_populates or (relation.backref if isinstance(relation.backref, str) else None),
    }


def _indexes(table: Any) -> list[dict[str, Any]]:
    found = [
        {
            "name": index.name,
            "columns": [str(getattr(column, "name", column)) for column in index.columns],
            "unique": bool(index.unique),
        }
        for index in getattr(table, "indexes", ())
    ]
    constraints = [
        {"name": constraint.name, "columns": [column.name for column in constraint.columns], "unique": True}
        for constraint in getattr(table, "constraints", ())
        if type(constraint).__name__ == "UniqueConstraint"
    ]
    return sorted([*found, *constraints], key=lambda index: (index["columns"], str(index["name"])))
