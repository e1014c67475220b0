"""The session of a request in work that is done after it.

## What it does
Finds `BackgroundTasks.add_task`, `asyncio.create_task`, threads and timers that are given a session which a dependency
opened for the request, or rows of it.

## Why it hurts
The session is closed when the response is there, and belongs to the next request soon. The work fails with a closed or
detached session, or writes into somebody else's transaction.

## Bad
```python
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.orm import Session

from shop.database import get_session
from shop.mail import send_receipt

app = FastAPI()


@app.post("/orders/{order_id}/receipt", status_code=202)
def request_receipt(order_id: int, tasks: BackgroundTasks, session: Annotated[Session, Depends(get_session)]) -> None:
    tasks.add_task(send_receipt, session, order_id)  # <- found
```

## Good
```python
from fastapi import BackgroundTasks, FastAPI

from shop.mail import send_receipt

app = FastAPI()


@app.post("/orders/{order_id}/receipt", status_code=202)
def request_receipt(order_id: int, tasks: BackgroundTasks) -> None:
    tasks.add_task(send_receipt, order_id)
```

## Known limits
A session that hides in an object which is handed over is seen only where the object is made in the endpoint.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import arguments, last_name
from fastwright.rules._rule import Bound, Called, Found, Instance, Rule, Scope, View, at, project_class

RULE = Rule("errors", "high", ("CWE-672", "CWE-416"))
_LATER = frozenset({"add_task", "create_task", "ensure_future"})
# An object with an object with a session: so deep is looked.
_DEPTH = 3
# Started and not waited for: `Timer(60, work, args=[session])`.
_SUBMITS = ("PoolExecutor.submit", "PoolExecutor.map")
_STARTED = frozenset({"threading.Timer", "threading.Thread"})


def find(view: View) -> Iterator[Found]:
    seen: set[int] = set()
    for route in view.routes:
        for call in view.calls(route):
            is_later = call.name in _LATER or call.path in _STARTED or call.path.endswith(_SUBMITS)
            if not is_later or id(call.node) in seen or call.within.root != "endpoint":
                continue
            if any(_is_of_request(view, call, one) for one in (*_handed_over(call), *_enclosed(view, call))):
                seen.add(id(call.node))
                message = "the session of the request is closed when this runs"
                yield at(call.site.function or call.site.module, call.node, message, route=route)


def _handed_over(call: Called) -> Iterator[ast.expr]:
    """Yield what the work is given: the arguments, or those of the coroutine that is started."""
    if call.path in _STARTED:
        lists = arguments(call.node)
        yield from (one for listed in lists for one in getattr(listed, "elts", getattr(listed, "values", ())))
        return
    is_plain = call.name == "add_task" or call.path.endswith(_SUBMITS)
    given = call.node.args[1:] if is_plain else call.node.args[:1]
    for one in (*given, *(keyword.value for keyword in call.node.keywords)):
        if isinstance(one, ast.Call) and not is_plain:
            yield from [one.func.value] if isinstance(one.func, ast.Attribute) else []
            yield from one.args
            yield from (keyword.value for keyword in one.keywords)
        else:
            yield one
    first = call.node.args[0] if call.node.args else None
    if is_plain and isinstance(first, ast.Attribute):
        yield first.value
    if isinstance(first, ast.Call) and last_name(first.func) == "partial":
        yield from (*first.args[1:], *(keyword.value for keyword in first.keywords))


def _enclosed(view: View, call: Called) -> Iterator[ast.expr]:
    """Yield the parameters of the endpoint that work has which is written inside of it."""
    first = call.node.args[0] if call.node.args else None
    value = view.value(first.func if isinstance(first, ast.Call) else first, call.scope)
    inner = value.function if isinstance(value, Bound) else None
    if inner is not None and inner.outer is not None and inner.outer is call.site.function:
        names = {one.id: one for one in ast.walk(inner.node) if isinstance(one, ast.Name)}
        yield from (
            one for name, one in names.items() if name in inner.outer.parameters.keys() - inner.parameters.keys()
        )


def _is_of_request(view: View, call: Called, node: ast.expr) -> bool:
    if not isinstance(node, ast.Name | ast.Attribute):
        return False
    if _is_factory(view, node, call.scope):
        return False  # the work opens a session of its own
    if view.statements.session(node, call.scope) is not None:
        return not _is_opened_here(call, node)
    value = view.value(node, call.scope)
    made = project_class(value)
    if made is None or not isinstance(value, Instance) or view.fields.is_model(made):
        return False
    first = call.node.args[0] if call.node.args else None
    method = view.value(first, call.scope) if isinstance(first, ast.Attribute) and first.value is node else None
    if isinstance(method, Bound) and not _touches(view, method, _DEPTH):
        return False
    return _holds(view, value, _DEPTH)


def _touches(view: View, method: Bound, depth: int) -> bool:
    """Tell a method that does something with the session of its object, itself or by another one of its methods."""
    scope = Scope(method.function.module, method.function, method.me)
    for node in method.function.nodes(ast.Attribute):
        if not isinstance(node.value, ast.Name) or node.value.id != "self":
            continue
        value = view.value(node, scope)
        if isinstance(value, Bound):
            if depth == 0 or _touches(view, value, depth - 1):
                return True
        elif value is None or _is_held(view, node, scope, _DEPTH):
            return True
    return False


def _is_factory(view: View, node: ast.expr, scope: Scope) -> bool:
    return view.library(node, scope).endswith("maker()")


def _holds(view: View, value: Instance, depth: int) -> bool:
    """Tell an object that was made with a session, or with an object that was; the framework makes what it is asked."""
    if value.made is None:
        init = view.evaluator.member(value, "__init__")
        scope = view.scope(init.function) if isinstance(init, Bound) else None
        given: list[ast.expr] = [ast.Name(name) for name in init.function.parameters] if isinstance(init, Bound) else []
    else:
        call, scope = value.made
        given = arguments(call)
    return scope is not None and any(_is_held(view, one, scope, depth) for one in given)


def _is_held(view: View, node: ast.expr, scope: Scope, depth: int) -> bool:
    if isinstance(node, ast.Name | ast.Attribute) and view.statements.session(node, scope) is not None:
        return not _is_factory(view, node, scope)
    inner = view.value(node, scope) if depth and isinstance(node, ast.Name | ast.Attribute | ast.Call) else None
    return isinstance(inner, Instance) and project_class(inner) is not None and _holds(view, inner, depth - 1)


def _is_opened_here(call: Called, node: ast.expr) -> bool:
    """Tell a session that the function has opened itself, and does not close before the work is done."""
    function = call.site.function
    bindings = function.facts.bindings.get(node.id, ()) if function and isinstance(node, ast.Name) else ()
    return any(one.kind == "value" for one in bindings)
