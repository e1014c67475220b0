"""A query for each of something, instead of one for all.

## What it does
Finds a statement that is sent to the database in a loop on the way of an endpoint: in the endpoint itself, or in a
service or repository that it calls for each item, with SQLAlchemy or as SQL in text. It is reported where the loop
is: a function that reads one row is right, and calling it for each row is not.

## Why it hurts
With ten rows it is eleven round trips, with a thousand it is a thousand and one. It is fast in the tests, where there
are three rows, and slow in production.

## Bad
```python
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.database import get_session
from shop.models import Order, User
from shop.schemas import OrderOut

app = FastAPI()
SessionDep = Annotated[Session, Depends(get_session)]


@app.get("/orders")
def list_orders(session: SessionDep) -> list[OrderOut]:
    orders = session.scalars(select(Order).limit(50)).all()
    found = []
    for order in orders:
        buyer = session.get(User, order.user_id)  # <- found
        found.append(OrderOut(id=order.id, buyer=buyer.name))
    return found
```

## Good
```python
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.database import get_session
from shop.models import Order, User
from shop.schemas import OrderOut

app = FastAPI()
SessionDep = Annotated[Session, Depends(get_session)]


@app.get("/orders")
def list_orders(session: SessionDep) -> list[OrderOut]:
    rows = session.execute(select(Order.id, User.name).join(User).limit(50))
    return [OrderOut(id=order_id, buyer=name) for order_id, name in rows]
```

## Known limits
A loop over a handful of things that are written in the code is not reported; one over few rows is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import last_name
from fastwright.rules._engine.drivers import (
    ASYNC_MODELS,
    DOCUMENT_CHANGES,
    DOCUMENT_READS,
    MODEL_CALLS,
    SYNC_MODELS,
)
from fastwright.rules._rule import Bound, Called, Found, Rule, Scope, Site, View, at
from fastwright.rules._ways import ways
from fastwright.rules._words import words

RULE = Rule("data", "high", ("API4:2023", "CWE-1050"))
_SENDS = frozenset(
    {"execute", "scalar", "scalars", "get", "get_one", "exec", "stream", "stream_scalars", "refresh"}
    | {"fetch_all", "fetch_one", "fetch_val"}
)
_VERBS = frozenset({"select", "insert", "update", "delete", "replace", "merge"})
_DOCUMENTS = DOCUMENT_READS | (DOCUMENT_CHANGES.keys() - {"insert_many"})
_QUERY = frozenset({"all", "first", "one", "one_or_none", "scalar", "count", "get", "exists", "update", "delete"})
# One statement for many at once: that is the remedy, and not the fault.
_BATCHES = frozenset({"batched", "chunked", "chunks", "chunk", "partitions", "islice", "grouper", "in_batches"})
# What is written in the code, seen by its items or in another order.
_VIEWS = frozenset({"items", "keys", "values"})
# What a loop counts that tries again.
_TRYING = frozenset({"attempt", "attempts", "retry", "retries", "try", "tries"})
# The fields of a schema are as many as are written.
_DUMPS = frozenset({"model_dump", "dict"})
_WRAPPERS = frozenset({"enumerate", "zip", "sorted", "reversed", "list", "tuple", "set"})


def find(view: View) -> Iterator[Found]:
    seen: set[int] = set()
    for route, call in ways(view):
        is_looped = call.looped and not call.within.later
        site = _looping(view, call) if is_looped and _sends(view, call) else None
        if site is not None and id(site.node) not in seen:
            seen.add(id(site.node))
            message = "a statement is sent for each item of a loop"
            message += "" if site is call.site else call.place
            yield at(site.function or site.module, site.node, message, route=route)


def _looping(view: View, call: Called) -> Site | None:
    """Return the last call on the way that stands in a loop as long as the data is."""
    scopes = (*call.within.scopes, call.scope)
    for site, scope in reversed(list(zip(call.sites, scopes, strict=False))):
        if any(not _is_short(view, loop, scope) for loop in site.loops):
            return site
    return None


def _sends(view: View, call: Called) -> bool:
    if call.name in _SENDS and view.statements.on_session(call) is not None:
        return True
    if call.name != "executemany" and any(one.verb in _VERBS for one in view.statements.sql(call.node, call.scope)):
        return True
    by_model = call.path.startswith(SYNC_MODELS) and call.name in MODEL_CALLS
    if by_model or (call.path.startswith(ASYNC_MODELS) and call.site.awaited):
        return True
    if call.name in _DOCUMENTS and isinstance(call.node.func, ast.Attribute) and not isinstance(call.value, Bound):
        return True
    if call.name not in _QUERY or not isinstance(call.node.func, ast.Attribute):
        return False
    return _comes_from_query(view, call.node.func.value, call.scope)


def _comes_from_query(view: View, node: ast.expr, scope: Scope, depth: int = 12) -> bool:
    """Tell what `session.query(…)` begins, over variables and functions; what is in its arguments says nothing."""
    if isinstance(node, ast.Name) and depth:
        bindings = scope.function.facts.bindings.get(node.id, ()) if scope.function else ()
        values = [(one.value, scope) for one in bindings if one.kind == "value"]
        values += [scope.bound[node.id]] if node.id in scope.bound else []
        return any(_comes_from_query(view, *one, depth - 1) for one in values)
    if not isinstance(node, ast.Call) or not depth:
        return False
    if last_name(node.func) == "query" and _is_legacy(view, node, scope):
        return True
    made = view.value(node.func, scope)
    if isinstance(made, Bound):
        inner = view.evaluator.bind(made, node, scope)
        return any(_comes_from_query(view, one, inner, depth - 1) for one in made.function.returned)
    return isinstance(node.func, ast.Attribute) and _comes_from_query(view, node.func.value, scope, depth - 1)


def _is_legacy(view: View, node: ast.Call, scope: Scope) -> bool:
    return isinstance(node.func, ast.Attribute) and view.statements.session(node.func.value, scope) is not None


def _is_short(view: View, loop: ast.AST, scope: Scope) -> bool:
    """Tell a loop over batches, over a literal, or that tries again: its length is not that of the data."""
    if isinstance(loop, ast.While):
        return True
    if isinstance(loop, ast.For) and set(words(ast.unparse(loop.target))) & _TRYING:
        return True
    iterated = [loop.iter] if isinstance(loop, ast.For | ast.AsyncFor) else []
    iterated += [one.iter for one in getattr(loop, "generators", ())]
    iterated += loop.args[1:] if isinstance(loop, ast.Call) else []
    return all(_is_literal(view, one, scope) for one in iterated)


def _is_literal(view: View, node: ast.expr, scope: Scope) -> bool:
    written = view.constants.written(node, scope)
    if written is not None and isinstance(written[0], ast.List | ast.Tuple | ast.Set | ast.Dict):
        return bool(getattr(written[0], "elts", None) or getattr(written[0], "keys", None))  # else it is filled later
    return isinstance(node, ast.Call) and _is_short_call(view, node, scope)


def _is_short_call(view: View, node: ast.Call, scope: Scope) -> bool:
    name = last_name(node.func)
    if name in _VIEWS and isinstance(node.func, ast.Attribute):
        return _is_literal(view, node.func.value, scope)
    if name in _WRAPPERS and node.args and isinstance(node.func, ast.Name):
        return all(_is_literal(view, one, scope) for one in node.args)
    if name == "range":
        return len(node.args) == 3 or isinstance(view.constants.of(node.args[-1], scope), int)
    return name in _BATCHES | _DUMPS
