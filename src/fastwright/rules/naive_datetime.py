"""A moment without a time zone.

## What it does
Finds `datetime.utcnow`, `datetime.utcfromtimestamp`, and `datetime.now` without a zone, called or handed over as a
default.

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
What is subtracted from another naive value at once, to measure a duration, is reported too: use `time.monotonic`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.rules._rule import Found, Function, Module, Rule, Scope, View, at

RULE = Rule("data", "low", ("CWE-682",))
_NAIVE = frozenset({"datetime.datetime.utcnow", "datetime.datetime.utcfromtimestamp", "datetime.datetime.today"})
_NEEDS_ZONE = frozenset({"datetime.datetime.now", "datetime.datetime.fromtimestamp"})
_REFERENCES = ("default", "default_factory", "onupdate", "insert_default")


def find(view: View) -> Iterator[Found]:
    for module in view.naming("utcnow", "utcfromtimestamp", "now", "fromtimestamp", "today"):
        if b"datetime" in module.content:
            for where in (module, *module.functions):
                yield from _in(view, where)


def _in(view: View, where: Module | Function) -> Iterator[Found]:
    scope = view.scope(where)
    for site in where.facts.calls:
        path = view.library(site.node.func, scope)
        if path in _NAIVE or (path in _NEEDS_ZONE and not _has_zone(site.node, path)):
            yield at(where, site.node, f"`{_short(path)}` gives a moment without a time zone")
        for keyword in site.node.keywords:
            handed = _path(view, keyword.value, scope) if keyword.arg in _REFERENCES else ""
            if handed in _NAIVE | _NEEDS_ZONE:
                yield at(where, keyword.value, f"`{_short(handed)}` gives a moment without a time zone")


def _path(view: View, node: ast.expr, scope: Scope) -> str:
    """Return the path of a function that is handed over and not called."""
    return view.library(node, scope) if isinstance(node, ast.Attribute | ast.Name) else ""


def _has_zone(node: ast.Call, path: str) -> bool:
    position = 1 if path.endswith("fromtimestamp") else 0
    return len(node.args) > position or any(one.arg in ("tz", None) for one in node.keywords)


def _short(path: str) -> str:
    return path.removeprefix("datetime.")
