"""A table or column that no migration makes.

## What it does
Finds models whose table, and columns whose name, is in no revision of Alembic, in a project that has revisions.

## Why it hurts
It works on a fresh database, where `create_all` makes everything, and in the tests. In production, where only
migrations run, the first statement fails.

## Bad
```python app/models.py
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    note: Mapped[str]  # <- found
```
```python migrations/versions/0001_orders.py
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("orders")
```

## Good
```python app/models.py
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    note: Mapped[str]
```
```python migrations/versions/0001_orders.py
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("note", sa.String(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("orders")
```

## Known limits
Names are compared, not types. `alembic check` on a database that the migrations built compares everything, and every
proof of Fastwright runs it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from fastwright.project.source import called
from fastwright.rules._rule import Class, Field, Found, Module, Rule, View, at

RULE = Rule("data", "high", ("CWE-1109",))
# Revisions that do not write down what they make.
_WHOLESALE = (b"create_all", b"op.execute", b"from_metadata", b"read_text", b"metadata.tables")


def find(view: View) -> Iterator[Found]:
    histories: dict[str, list[Module]] = {}
    for module in view.index.by_path.values():
        if _is_revision(module):
            histories.setdefault(_service(module.path), []).append(module)
    models: dict[str, list[Class]] = {}
    for module in view.naming("__tablename__", "table=True"):
        beside = [one for one in histories if module.path.startswith(one)]
        if beside and not _is_revision(module):
            tables = [model for model in module.classes if view.fields.is_model(model) and _table(model)]
            models.setdefault(max(beside, key=len), []).extend(tables)
    for service, tables in models.items():
        yield from _drift(view, histories[service], tables)


def _drift(view: View, revisions: list[Module], models: list[Class]) -> Iterator[Found]:
    """Yield what is missing, unless most of the tables were never made by a revision: then something else made them."""
    if any(word in module.content for module in revisions for word in _WHOLESALE):
        return
    texts = {text for module in revisions for text in _texts(module)}
    made = {text for module in revisions for text in _created(module)}
    if sum(_table(model) in made for model in models) * 2 < len(models):
        return
    for model in models:
        yield from _missing(view, model, texts)


def _service(path: str) -> str:
    """Return the directory that migrations are of: the one above `migrations/versions`, or nothing."""
    above = PurePosixPath(path).parents
    return f"{above[2]}/" if len(above) > 2 and str(above[2]) != "." else ""


def _created(module: Module) -> Iterator[str]:
    """Yield the tables that a revision makes."""
    for node in ast.walk(module.tree):
        first = node.args[0] if isinstance(node, ast.Call) and node.args else None
        if called(node) == "create_table" and isinstance(first, ast.Constant):
            yield str(first.value)


def _missing(view: View, model: Class, texts: set[str]) -> Iterator[Found]:
    table = _table(model)
    if table is None:
        return
    if table not in texts:
        yield at(model.module, model.node, f"no migration makes the table `{table}`")
        return
    for field in view.fields.columns(model).values():
        is_computed = field.value is not None and called(field.value) == "column_property"
        if field.owner is model and not is_computed and _column(field) not in texts:
            yield at(model.module, field.line, f"no migration makes the column `{table}.{_column(field)}`")


def _is_revision(module: Module) -> bool:
    return "revision" in module.values and "down_revision" in module.values


def _texts(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _table(model: Class) -> str | None:
    """Return the name of the table; a SQLModel without one is called like its class, in small letters."""
    _annotation, value = model.attributes.get("__tablename__", (None, None))
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    is_sqlmodel = any(one.arg == "table" for one in model.node.keywords)
    return model.name.lower() if is_sqlmodel and value is None else None


def _column(field: Field) -> str:
    first = field.call.args[0] if field.call and field.call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else field.name
