"""A foreign key without an index.

## What it does
Finds a column that refers to another table and that no index begins with: neither its own, nor one of the table, nor a
unique constraint or the primary key; a key of two columns serves the first one only. Models, tables of Core and
`CREATE TABLE` in Python code are read alike.

## Why it hurts
PostgreSQL and SQLite make no index for a foreign key. Every join over it, every list of the rows that belong to a
parent, and every delete of a parent reads the whole table.

## Bad
```python
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))  # <- found
```

## Good
```python
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
```

## Known limits
An index that only a migration makes is not seen; write it in the model, too, or Alembic will want to drop it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fastwright.changes import Change
from fastwright.project.source import last_name
from fastwright.rules._rule import Class, Field, Found, Module, Rule, View, WrittenTable, at
from fastwright.rules._uniqueness import primary_columns

RULE = Rule("data", "medium", ("CWE-1067",))
_INDEXED = ("index", "unique")
_MYSQL = re.compile(r"ENGINE\s*=|AUTO_INCREMENT|`", re.IGNORECASE)
_ADDRESS = re.compile(rb"\b(mysql|mariadb|postgres|postgresql|oracle|mssql|cockroachdb)(?:\+\w+)?://")
_DRIVER = re.compile(rb"\b(pymysql|aiomysql|asyncmy|mysqlclient|mysql-connector|psycopg|asyncpg|oracledb|sqlite)")
_TORTOISE = "ForeignKeyField"
_LISTS = frozenset({"Index", "UniqueConstraint", "PrimaryKeyConstraint"})


def find(view: View) -> Iterator[Found]:
    if _is_mysql(view):
        return
    for module in view.naming("ForeignKey", "foreign_key"):
        for model in module.classes if module not in view.scripts else ():
            if view.fields.is_model(model):
                yield from _of_model(view, model)
        if module not in view.scripts:
            yield from _of_core(module)
            yield from _of_tortoise(view, module)
    for table in view.written_tables:
        yield from _of_text(view, table)


def fix(view: View, found: Found) -> Change | None:
    """Return the change that adds the index, and the migration for it."""
    from fastwright.changes.add_index import AddIndex, is_nameable  # noqa: PLC0415 - what edits Python is slow to import

    if "model" not in found.facts:
        return None
    model, field = found.facts["model"], found.facts["field"]
    table = _table(model)
    if table is None or field.owner is not model or not is_nameable(table, [_column(field)]):
        return None
    alembic = (view.project.conventions.alembic if view.project else None) or ""
    operation = AddIndex(
        file=model.module.path,
        line=model.node.lineno,
        model=model.name,
        table=table,
        attributes=(field.name,),
        columns=(_column(field),),
        alembic=alembic,
    )
    return Change(summary=f"index {table}.{_column(field)}", operations=(operation,))


def _is_mysql(view: View) -> bool:
    """Tell an app whose server makes an index for each foreign key by itself: by its addresses, or by its drivers."""
    addresses = {found for one in view.naming("://") for found in _ADDRESS.findall(one.content)}
    if not addresses:
        declared = (text for path, text in view.files.source.texts.items() if not path.endswith(".sql"))
        addresses = {found for one in declared for found in _DRIVER.findall(one.lower())}
    return bool(addresses) and all(b"my" in one or one == b"mariadb" for one in addresses)


def _of_tortoise(view: View, module: Module) -> Iterator[Found]:
    """Yield the foreign keys of Tortoise, which makes no index for them either."""
    for model in module.classes if b"ForeignKeyField" in module.content else ():
        for name, (_annotation, value) in model.attributes.items():
            path = view.library(value.func, view.scope(module)) if isinstance(value, ast.Call) else ""
            if (
                not isinstance(value, ast.Call)
                or not path.startswith("tortoise.")
                or last_name(value.func) != _TORTOISE
            ):
                continue
            if not _has(value, "index", "db_index", "unique", "pk") and name not in _leading_of_meta(model):
                yield at(module, model.lines[name], f"no index begins with `{name}`, which refers to another table")


def _leading_of_meta(model: Class) -> set[str]:
    """Return the fields with which `indexes` and `unique_together` of a model of Tortoise begin."""
    meta = next((one for one in model.node.body if isinstance(one, ast.ClassDef) and one.name == "Meta"), None)
    lists = [one for one in ast.walk(meta) if isinstance(one, ast.Tuple | ast.List) and one.elts] if meta else []
    return {_named(one.elts[0]) for one in lists}


def _of_text(view: View, one: WrittenTable) -> Iterator[Found]:
    """Yield the columns of `CREATE TABLE` that refer to another table; MySQL makes an index for each by itself."""
    if _MYSQL.search(str(one.node.value)):
        return
    keyed = view.tables.keyed(one.table.name)
    for column in one.table.columns:
        if (column.refers or column.name in one.table.referring) and column.name not in keyed:
            message = f"no index begins with `{column.name}`, which refers to another table"
            yield at(one.module, one.line(column), message)


def _of_core(module: Module) -> Iterator[Found]:
    """Yield the columns of tables without a class: `Table("orders", metadata, Column("user_id", ForeignKey(…)))`."""
    indexes = [site.node for site in module.facts.calls if site.name == "Index" and len(site.node.args) > 1]
    beside = {_named(one.args[1]) for one in indexes}
    for site in module.facts.calls:
        calls = [one for one in site.node.args if isinstance(one, ast.Call)] if site.name == "Table" else []
        columns = [one for one in calls if last_name(one.func) == "Column" and one.args]
        keys = [_named(one.args[0]) for one in columns if _has(one, "primary_key")]
        leading = beside | {name for call in calls for name in _first(call)} | set(keys[:1])
        for column in columns:
            name = _named(column.args[0])
            if _is_reference(column) and not _has(column, *_INDEXED) and name not in leading:
                yield at(module, column, f"no index begins with `{name}`, which refers to another table")


def _has(column: ast.Call, *options: str) -> bool:
    return any(one.arg in options and getattr(one.value, "value", True) for one in column.keywords)


def _first(call: ast.Call) -> list[str]:
    """Return the column with which an index or a constraint begins."""
    if last_name(call.func) not in _LISTS:
        return []
    names = call.args[1:] if last_name(call.func) == "Index" else call.args
    return [_named(names[0])] if names else []


def _is_reference(column: ast.Call) -> bool:
    return any(isinstance(one, ast.Call) and last_name(one.func) == "ForeignKey" for one in column.args)


def _of_model(view: View, model: Class) -> Iterator[Found]:
    columns = view.fields.columns(model)
    keys = [name for name in columns if name in primary_columns(view, model)]
    leading = _leading(model) | set(keys[:1]) | _indexed_by_script(view, model)
    for field in columns.values():
        refers = _refers(field) or _column(field) in _constrained(model)
        if not _is_own(view, model, field) or not refers or field.name in leading or _column(field) in leading:
            continue
        if not any(view.constants.of(field.option(name), view.scope(model.module)) for name in _INDEXED):
            message = f"no index begins with `{field.name}`, which refers to another table"
            yield at(field.owner.module, field.line, message, model=model, field=field)


def _is_own(view: View, model: Class, field: Field) -> bool:
    """Tell a column that is written in the model, or in a base that has no table itself."""
    return field.owner is model or not view.fields.is_model(field.owner)


def _refers(field: Field) -> bool:
    if field.option("foreign_key") is not None:
        return True
    return any(_is_reference(call) for call in field.calls)


def _constrained(model: Class) -> set[str]:
    """Return the first columns of the foreign keys that are constraints of the table."""
    _annotation, arguments = model.attributes.get("__table_args__", (None, None))
    calls = (node for node in ast.walk(arguments) if isinstance(node, ast.Call)) if arguments is not None else ()
    lists = (one.args[0] for one in calls if last_name(one.func) == "ForeignKeyConstraint" and one.args)
    return {_named(one.elts[0]) for one in lists if isinstance(one, ast.List | ast.Tuple) and one.elts}


def _leading(model: Class) -> set[str]:
    """Return the columns with which an index, a unique constraint or the primary key begins."""
    _annotation, arguments = model.attributes.get("__table_args__", (None, None))
    found: set[str] = set()
    calls = (node for node in ast.walk(arguments) if isinstance(node, ast.Call)) if arguments is not None else ()
    for call in calls:
        found.update(_first(call))
    for _name, value in model.attributes.values():
        if isinstance(value, ast.Call) and last_name(value.func) == "Index" and len(value.args) > 1:
            found.add(_named(value.args[1]))
    return found | _indexed_below(model)


def _indexed_below(model: Class) -> set[str]:
    """Return the columns with which an index begins that is made beside the class: `Index("ix", Order.user_id)`."""
    calls = (site.node for site in model.module.facts.calls if site.name == "Index" and len(site.node.args) > 1)
    firsts = (call.args[1] for call in calls)
    return {one.attr for one in firsts if isinstance(one, ast.Attribute) and last_name(one.value) == model.name}


def _indexed_by_script(view: View, model: Class) -> set[str]:
    """Return the columns with which an index begins that a file of SQL makes, as it does the tables."""
    has_script = any(path.endswith(".sql") for path in view.files.source.texts)
    return set(view.tables.keyed(_table(model) or "")) if has_script else set()


def _named(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else last_name(node)


def _column(field: Field) -> str:
    """Return the name of a column in the table."""
    first = field.call.args[0] if field.call and field.call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else field.name


def _table(model: Class) -> str | None:
    _annotation, value = model.attributes.get("__tablename__", (None, None))
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None
