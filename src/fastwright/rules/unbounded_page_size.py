"""A page size that callers choose, with no upper bound.

## What it does
Finds a number from the query (a parameter of the endpoint, of a dependency or of a query model) that becomes the
`limit` of a statement, or stands behind LIMIT in SQL, and may be as large as the caller wants; and one that is called
`limit`, `page_size` or `items_per_page` and is handed on.

## Why it hurts
One request with `?limit=100000000` loads the whole table into memory; a few of them stop the service.

## Bad
```python
from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)


class ItemOut(BaseModel):
    id: int


SessionLocal = sessionmaker()
app = FastAPI()


def get_session():
    with SessionLocal() as session:
        yield session


@app.get("/items", response_model=list[ItemOut])
def list_items(limit: int = 50, session: Session = Depends(get_session)):  # <- found
    return session.scalars(select(Item).order_by(Item.id).limit(limit)).all()
```

## Good
```python
from typing import Annotated

from fastapi import Depends, FastAPI, Query
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)


class ItemOut(BaseModel):
    id: int


SessionLocal = sessionmaker()
app = FastAPI()


def get_session():
    with SessionLocal() as session:
        yield session


@app.get("/items", response_model=list[ItemOut])
def list_items(limit: Annotated[int, Query(ge=1, le=100)] = 50, session: Session = Depends(get_session)):
    return session.scalars(select(Item).order_by(Item.id).limit(limit)).all()
```

## Known limits
A bound that is checked far from the endpoint, in a function that raises for it, is seen only if it compares the same
variable.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fastwright.project.source import arguments, last_name
from fastwright.rules._holes import holes
from fastwright.rules._rule import Called, Found, Function, Origin, Parameter, Route, Rule, Scope, Site, View, at
from fastwright.rules._words import words

RULE = Rule("contract", "medium", ("API4:2023", "CWE-770"))
_LIMITS = frozenset({"limit", "fetch", "to_list", "fetchmany"})
_COUNTS = frozenset({"limit", "count", "length", "size"})
_LIMIT = re.compile(r"\blimit\s+$", re.IGNORECASE)
_NAMES = frozenset({"limit", "page_size", "per_page", "max_results", "page_limit", "take", "pagesize", "perpage"})


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        for call in view.calls(route):
            for size, scope in _sizes(view, call):
                for origin in view.origins.of(size, scope):
                    yield from _unbounded(view, route, origin)
        yield from _named(view, route)


def _sizes(view: View, call: Called) -> Iterator[tuple[ast.expr, Scope]]:
    """Yield how many rows a call asks for: `.limit(size)`, and what stands behind LIMIT in a text."""
    if call.name in _LIMITS and isinstance(call.node.func, ast.Attribute):
        yield from ((one, call.scope) for one in call.node.args[:1])
        yield from ((one.value, call.scope) for one in call.node.keywords if one.arg in _COUNTS)
    yield from ((value, scope) for before, value, scope in holes(view, call) if _LIMIT.search(before))


def _unbounded(view: View, route: Route, origin: Origin) -> Iterator[Found]:
    """Yield the parameter or the field of a query model that a size came from, unless it is bounded."""
    if origin.kind == "parameter" and origin.function is not None and view.fills(route, origin.function):
        for one in view.parameters.own(route, origin.function):
            if one.name == origin.name and _is_open(view, one):
                yield _found(route, one)
    elif origin.kind == "call" and origin.name == "get" and "query_params" in ast.unparse(origin.node):
        where = origin.scope.function or origin.scope.module
        yield at(where, origin.node, "the number in the query may be as large as the caller wants", route=route)
    elif origin.kind == "field" and origin.owner is not None and not view.fields.is_model(origin.owner):
        field = view.fields.of(origin.owner).get(origin.name)
        if field is None or not any(_is_asked(view, route, root) for root in origin.roots):
            return
        checked = any(
            _names_in_check(one, field.name) for one in field.owner.node.body if isinstance(one, ast.FunctionDef)
        )
        if not checked and not view.parameters.field_bounded(field, view.scope(field.owner.module)):
            message = f"`{field.name}` may be as large as the caller wants"
            yield at(field.owner.module, field.line, message, route=route)


def _names_in_check(method: ast.FunctionDef, name: str) -> bool:
    """Tell a method that validates a field, or holds it against something."""
    is_validator = any("validator" in ast.unparse(one) for one in method.decorator_list)
    checks = [method] if is_validator else [node for node in ast.walk(method) if _is_check(node)]
    return any(name in ast.unparse(one) for one in checks)


def _is_check(node: ast.AST) -> bool:
    return isinstance(node, ast.Compare) or (isinstance(node, ast.Call) and last_name(node.func) in ("min", "clamp"))


def _named(view: View, route: Route) -> Iterator[Found]:
    """Yield a parameter that is called a limit and that nothing on the way bounds."""
    for one in view.parameters.own(route, route.function) if route.function is not None else ():
        if _is_limit(one.name) and _is_open(view, one) and _is_handed_on(one):
            ways = [reached.function for reached in view.reached(route, "endpoint")]
            if not any(_is_compared(way, name) for way in ways for name in way.parameters if _is_limit(name)):
                yield _found(route, one)


def _is_handed_on(one: Parameter) -> bool:
    """Tell a value that a call is given, or that is reckoned with."""
    given = (part for site in one.function.calls for part in arguments(site.node))
    return any(_names(node, one.name) for node in (*given, *one.function.nodes(ast.BinOp)))


def _is_limit(name: str) -> bool:
    parts = words(name)
    return "_".join(parts) in _NAMES or parts[-2:] == ("per", "page")


def _found(route: Route, one: Parameter) -> Found:
    return at(one.function, one.node, f"`{one.name}` may be as large as the caller wants", route=route)


def _is_open(view: View, one: Parameter) -> bool:
    is_number = one.type is None or "int" in ast.unparse(one.type)
    return (
        one.source == "query"
        and is_number
        and not view.parameters.bounded(one)
        and not _is_compared(one.function, one.name)
    )


def _is_compared(function: Function, name: str) -> bool:
    """Tell whether a function looks at how large a value is, or takes the smaller of it and another."""
    compared = (node for node in function.nodes(ast.Compare) if _names(node, name))
    smaller = (site for site in function.calls if _last(site) in ("min", "clamp") and _names(site.node, name))
    sized = any(
        isinstance(op, ast.Gt | ast.GtE | ast.Lt | ast.LtE) and not _is_low(node)
        for node in compared
        for op in node.ops
    )
    return sized or any(smaller)


def _is_low(node: ast.Compare) -> bool:
    """Tell a comparison with 0 or 1, which is a lower bound."""
    return (
        any(isinstance(one, ast.Constant) and one.value in (0, 1) for one in (node.left, *node.comparators))
        and len(node.ops) == 1
    )


def _is_asked(view: View, route: Route, root: Origin) -> bool:
    """Tell whether an object is filled from the query."""
    if root.kind != "parameter" or root.function is None or not view.fills(route, root.function):
        return False
    sources = {one.name: one.source for one in view.parameters.own(route, root.function)}
    return sources.get(root.name) in ("query", "dependency")


def _names(node: ast.AST, name: str) -> bool:
    return any(isinstance(inner, ast.Name) and inner.id == name for inner in ast.walk(node))


def _last(site: Site) -> str:
    return site.node.func.id if isinstance(site.node.func, ast.Name) else ""
