"""The test of rows that are marked: one is in the database, and no read gives it."""

from __future__ import annotations

from pathlib import PurePosixPath

import inflection

from fastwright.changes.add_file import AddFile
from fastwright.project.model import Column, Model
from fastwright.recipes._app.accounts import has_default
from fastwright.recipes._app.surroundings import Surroundings
from fastwright.recipes._app.tables import class_of
from fastwright.recipes._code.templates import rendered

# A value of each type, as Python.
_VALUES = {
    "VARCHAR": '"x"',
    "TEXT": '"x"',
    "INTEGER": "1",
    "BIGINT": "1",
    "FLOAT": "1.5",
    "NUMERIC": "1",
    "BOOLEAN": "False",
    "DATETIME": "datetime(2024, 1, 15)",
    "DATE": "date(2024, 1, 15)",
    "UUID": "uuid4()",
    "CHAR": "uuid4()",
}


def deletion_tests(app: Surroundings, model: Model, attribute: str) -> list[AddFile]:
    """Return the test, in a project that has some, for a model whose rows can be made of plain values."""
    node = class_of(app.known, model)
    if app.tests is None or node is None or not model.file:
        return []
    needed = [one for one in model.columns if not one.nullable and not _is_made(one)]
    needed = [one for one in needed if not has_default(node, one.name)]
    values = {one.name: _VALUES.get(one.type.partition("(")[0]) for one in needed}
    plural = inflection.pluralize(inflection.underscore(model.name))
    path = str(PurePosixPath(app.tests.directory) / f"test_deleted_{plural}.py")
    if None in values.values() or app.layout.is_there(path):
        return []
    given = ", ".join(f"{name}={value}" for name, value in values.items())
    dates = "date, datetime, timezone" if "=date(" in given else "datetime, timezone"
    text = rendered(
        "deletion/test.py",
        imports=(
            f"from datetime import {dates}",
            *(["from uuid import uuid4"] if "uuid4()" in given else []),
            "",
            "from sqlalchemy import create_engine, select",
            "from sqlalchemy.orm import Session\n",
            f"from {app.layout.module(model.file)} import {model.name}",
        ),
        plural=plural,
        model=model.name,
        tables="metadata.create_all" if model.relations else "__table__.create",
        given=given,
        attribute=attribute,
    )
    return [AddFile(path=path, content=app.formatting.formatted(text, whole=True))]


def _is_made(column: Column) -> bool:
    return column.primary_key and column.type in ("INTEGER", "BIGINT") and not column.foreign_key
