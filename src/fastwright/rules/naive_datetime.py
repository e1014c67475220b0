"""A moment without a time zone.

## What it does
Finds `datetime.utcnow`, `datetime.utcfromtimestamp`, and `datetime.now` without a zone, called or handed over as a
default; a zone that is taken away by `.replace(tzinfo=None)`; and a column of the type `DateTime` without
`timezone=True`.

## Why it hurts
Nobody can tell which moment is meant: a naive value is read as local time by one library and as UTC by the next.
Comparing it with an aware one raises. Python deprecated `utcnow` for that reason.

## Bad
```python
from datetime import datetime

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=datetime.utcnow)  # <- found


def stamp() -> str:
    return datetime.now().isoformat()  # <- found
```
```python
from datetime import datetime

from sqlalchemy import Column, DateTime, Integer
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Visit(Base):
    __tablename__ = "visits"
    id = Column(Integer, primary_key=True)
    at = Column(DateTime(timezone=True), default=datetime.utcnow)  # <- found
```

## Good
```python
from datetime import UTC, datetime

from sqlalchemy import DateTime
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


def utc_now() -> datetime:
    return datetime.now(UTC)


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
```

## Known limits
The fix is for the default of a column that has a time zone; whether others can get one, only you can tell.
What is subtracted from another naive value at once, to measure a duration, is reported too: use `time.monotonic`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from fastwright.changes import Change
from fastwright.project.source import called, last_name
from fastwright.rules._edits import replaced
from fastwright.rules._rule import Class, Field, Found, Function, Instance, Module, Rule, Scope, View, at, library
from fastwright.rules._words import words

RULE = Rule("data", "low", ("CWE-682",))
_NAIVE = frozenset({"datetime.datetime.utcnow", "datetime.datetime.utcfromtimestamp", "datetime.datetime.today"})
_NEEDS_ZONE = frozenset({"datetime.datetime.now", "datetime.datetime.fromtimestamp"})
# What is right of a moment without a zone, too: the time of the machine, as a number or as a text for people.
_LOCAL = frozenset({"timestamp", "strftime", "year", "astimezone"})
# Both take a moment without a zone for one of the machine's own, which one in UTC is not.
_OF_MACHINE = frozenset({"timestamp", "astimezone"})
_IN_UTC = frozenset({"utcnow", "utcfromtimestamp"})
_READING = frozenset({"strptime", "fromisoformat"})
_PARTS = frozenset({"month", "day", "hour", "minute", "second", "weekday", "isoweekday"})
_TELLING = frozenset({"print", "debug", "info", "warning", "error", "exception", "critical"})
_MOMENTS = frozenset({"DateTime", "TIMESTAMP", "DATETIME"})
_TYPES = frozenset({"type_", "sa_type", "sa_column"})
_BIRTHS = frozenset({"birthday", "birth", "birthdate", "dob", "born"})
_HEIRS: WeakKeyDictionary[View, dict[int, Class]] = WeakKeyDictionary()
_REFERENCES = ("default", "default_factory", "onupdate", "insert_default")


def find(view: View) -> Iterator[Found]:
    for module in view.naming("utcnow", "utcfromtimestamp", "now", "fromtimestamp", "today", "tzinfo"):
        if b"datetime" in module.content:
            for where in (module, *module.functions):
                yield from _in(view, where)
    # A registry that says which type a `datetime` has may well give it a zone.
    is_mapped = any(view.naming("type_annotation_map"))
    for module in view.naming("DateTime", "TIMESTAMP", *([] if is_mapped else ["datetime"])):
        if not module.is_migration and module not in view.scripts:
            yield from _columns(view, module, is_mapped=is_mapped)


def _columns(view: View, module: Module, *, is_mapped: bool) -> Iterator[Found]:
    """Yield the columns without a time zone; where a moment without one is made for it, that is told above."""
    fields = [one for one in _fields(view, module) if not _BIRTHS & set(words(one.name))]
    zoneless = [one for one in fields if _is_zoneless(one) or (not is_mapped and _is_plain(view, one))]
    places = (module, *module.functions) if zoneless else ()
    told = {found.line for where in places for found in _in(view, where)}
    for field in zoneless:
        spans = [(field.line, field.line), *((one.lineno, one.end_lineno or one.lineno) for one in field.calls)]
        if not any(told & set(range(first, last + 1)) for first, last in spans):
            yield at(module, field.line, f"`{field.name}` is a moment, and its column keeps no time zone")


def _fields(view: View, module: Module) -> Iterator[Field]:
    """Yield the columns that are written in a module, be it in a model or in what models of any module inherit."""
    for model in module.classes:
        heir = model if view.fields.is_model(model) else _heirs(view).get(id(model))
        yield from (one for one in view.fields.columns(heir).values() if one.owner is model) if heir else ()


def _heirs(view: View) -> dict[int, Class]:
    """Return a model for each class that is none, and that models inherit."""
    known = _HEIRS.get(view)
    if known is None:
        known = _HEIRS[view] = {}
        for module in view.naming("__tablename__", "table=True"):
            for model in (one for one in module.classes if view.fields.is_model(one)):
                known |= {id(one): model for one in view.evaluator.classes.lineage(model) if isinstance(one, Class)}
    return known


def _is_plain(view: View, field: Field) -> bool:
    """Tell a column of which only the annotation says that it is a moment: `Mapped[datetime]`."""
    types = [one for call in field.calls for one in call.args if not isinstance(one, ast.Constant)]
    types += [one.value for call in field.calls for one in call.keywords if one.arg in _TYPES]
    kept = any(last_name(one.func if isinstance(one, ast.Call) else one) != "ForeignKey" for one in types)
    value = view.evaluator.types.annotated(field.annotation, view.scope(field.owner.module))
    return not kept and isinstance(value, Instance) and library(value) == "datetime.datetime"


def _is_zoneless(field: Field) -> bool:
    """Tell a column that is a `DateTime` without a zone."""
    for column in field.calls:
        given = [*column.args, *(one.value for one in column.keywords if one.arg in ("type_", "sa_type"))]
        types = [one.func if isinstance(one, ast.Call) else one for one in given]
        zoned = any(isinstance(one, ast.Call) and (one.args or one.keywords) for one in given if _is_moment(one))
        if any(last_name(one) in _MOMENTS for one in types) and not zoned:
            return True
    return False


def _is_moment(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) in _MOMENTS


def _in(view: View, where: Module | Function) -> Iterator[Found]:
    scope = view.scope(where)
    local = _local(where)
    for site in where.facts.calls:
        if id(site.node) in local:
            continue
        path = view.library(site.node.func, scope)
        if site.name == "replace" and _is_stripped(site.node):
            yield at(where, site.node, "the time zone of a moment is taken away")
        if path in _NAIVE or (path in _NEEDS_ZONE and not _has_zone(site.node, path)):
            yield at(where, site.node, f"`{_short(path)}` gives a moment without a time zone")
        for keyword in site.node.keywords:
            handed = _path(view, keyword.value, scope) if keyword.arg in _REFERENCES else ""
            if handed in _NAIVE | _NEEDS_ZONE:
                message = f"`{_short(handed)}` gives a moment without a time zone"
                yield at(where, keyword.value, message, column=site.node, given=keyword.value, path=handed)


def _local(where: Module | Function) -> set[int]:
    """Return the moments that may well be without a zone: they are shown to people, or a number of the machine's."""
    attributes = (one for one in where.facts.nodes.get(ast.Attribute, ()) if isinstance(one, ast.Attribute))
    read = (node for site in where.facts.calls if site.name in _READING for node in ast.walk(site.node))
    again = {id(one) for one in read}  # what is read from its own text is a moment as before
    shown = [one.value for one in attributes if one.attr in _LOCAL and id(one) not in again and not _is_shifted(one)]
    local = {id(inner) for one in shown for inner in (one, getattr(one, "left", one))}
    formatted = (one for one in where.facts.nodes.get(ast.FormattedValue, ()) if isinstance(one, ast.FormattedValue))
    local |= {id(one.value) for one in formatted if one.format_spec is not None}
    told = (site.node for site in where.facts.calls if site.name in _TELLING)
    local |= {id(inner) for node in told for inner in ast.walk(node)}
    return local | (_only_shown(where) if isinstance(where, Function) else set[int]())


def _is_shifted(node: ast.Attribute) -> bool:
    """Tell `datetime.utcnow().timestamp()`, which is wrong by what the machine's zone is from UTC."""
    return node.attr in _OF_MACHINE and called(node.value) in _IN_UTC


def _is_stripped(node: ast.Call) -> bool:
    """Tell `moment.replace(tzinfo=None)`."""
    return any(
        one.arg == "tzinfo" and isinstance(one.value, ast.Constant) and one.value.value is None for one in node.keywords
    )


def _only_shown(function: Function) -> set[int]:
    """Return the values of variables of which only the parts are used: `f"{now.year}_{now.hour}"`."""
    names = [one for one in function.nodes(ast.Name) if isinstance(one.ctx, ast.Load)]
    attributes = list(function.nodes(ast.Attribute))
    shown = {id(one.value) for one in attributes if one.attr in _LOCAL | _PARTS}
    taken = {id(one.value) for one in attributes if one.attr in _OF_MACHINE}
    found: set[int] = set()
    for name, bindings in function.facts.bindings.items():
        used = [one for one in names if one.id == name]
        if used and all(id(one) in shown for one in used):
            is_taken = any(id(one) in taken for one in used)
            values = [one.value for one in bindings if one.kind == "value"]
            found |= {id(one) for one in values if not (is_taken and called(one) in _IN_UTC)}
    return found


def fix(view: View, found: Found) -> Change | None:
    """Return the change that gives a column with a time zone the moment in UTC."""
    column, given = found.facts.get("column"), found.facts.get("given")
    if column is None or not isinstance(given, ast.Attribute) or not found.facts["path"].endswith("utcnow"):
        return None
    if "timezone=True" not in ast.unparse(column):
        return None
    module = view.index.by_path[found.file]
    kind = ast.unparse(given.value)
    package = kind.rpartition(".")[0]
    zone = f"{package}.timezone.utc" if package else "timezone.utc"
    edit = replaced(module, given, f"lambda: {kind}.now({zone})")
    if edit is None:
        return None
    from fastwright.changes.add_import import AddImport  # noqa: PLC0415 - what edits Python is slow to import

    needed = () if package else (AddImport(file=module.path, module="datetime", name="timezone"),)
    return Change(summary="keep the moment in UTC", operations=(edit, *needed))


def _path(view: View, node: ast.expr, scope: Scope) -> str:
    """Return the path of a function that is handed over and not called."""
    return view.library(node, scope) if isinstance(node, ast.Attribute | ast.Name) else ""


def _has_zone(node: ast.Call, path: str) -> bool:
    position = 1 if path.endswith("fromtimestamp") else 0
    return len(node.args) > position or any(one.arg in ("tz", None) for one in node.keywords)


def _short(path: str) -> str:
    return path.removeprefix("datetime.")
