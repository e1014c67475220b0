"""A transaction that is committed when the answer is already gone.

## What it does
Finds a dependency that yields a session and commits it afterwards, itself or in a context manager that it holds open,
and that is not declared with `scope="function"`.

## Why it hurts
What stands after the `yield` of a dependency runs when the response has been sent. If the commit fails, the caller has
read 201 and nothing was stored.

## Bad
```python
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from shop.database import SessionLocal
from shop.models import Note

app = FastAPI()


def get_session():
    with SessionLocal() as session:
        yield session
        session.commit()  # <- found


@app.post("/notes", status_code=201)
def create_note(session: Annotated[Session, Depends(get_session)]) -> None:
    session.add(Note())
```

## Good
```python
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from shop.database import SessionLocal
from shop.models import Note

app = FastAPI()


def get_session():
    with SessionLocal() as session:
        yield session
        session.commit()


@app.post("/notes", status_code=201)
def create_note(session: Annotated[Session, Depends(get_session, scope="function")]) -> None:
    session.add(Note())
```

## Known limits
The scope is an argument since FastAPI 0.121; before that, commit in the endpoint or in its service.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import called
from fastwright.rules._rule import Bound, Found, Function, Instance, Rule, Scope, Value, View, at

RULE = Rule("data", "high", ("CWE-755", "CWE-394"))
_DEPTH = 3
_BEGINS = frozenset({"begin", "begin_nested"})


def find(view: View) -> Iterator[Found]:
    seen: set[int] = set()
    for route in view.routes:
        if route.method == "GET":
            continue
        for dependency in route.dependencies:
            function = dependency.function
            if function is None or id(function) in seen:
                continue
            seen.add(id(function))
            late = list(_late_commits(view, function, _DEPTH))
            for where, node in late if late and not _ends_before(view, function) else ():
                yield at(where, node, "this commit comes after the response: a failure is a success", route=route)


def _late_commits(view: View, function: Function, depth: int) -> Iterator[tuple[Function, ast.AST]]:
    """Yield the commits after the first `yield`, and blocks that commit at their end with the `yield` inside."""
    yields = [node.lineno for node in function.nodes(ast.Yield)]
    if not yields:
        return
    scope = view.scope(function)
    for site in function.calls:
        func = site.node.func
        if not isinstance(func, ast.Attribute):
            continue
        if func.attr == "commit" and site.node.lineno > min(yields) and _is_session(view, func.value, scope):
            yield function, site.node
    for node in (*function.nodes(ast.With), *function.nodes(ast.AsyncWith)):
        inside = any(node.lineno < line <= (node.end_lineno or 0) for line in yields)
        for item in node.items if inside else ():
            if _begins(view, item.context_expr, scope):
                yield function, node
            elif depth:
                yield from _at_end(view, view.value(item.context_expr, scope), item.context_expr, scope, depth - 1)


def _at_end(
    view: View, entered: Value | None, node: ast.expr, scope: Scope, depth: int
) -> Iterator[tuple[Function, ast.AST]]:
    """Yield the commits at the end of a context manager of the project: in its `__exit__`, or after its `yield`."""
    for name in ("__exit__", "__aexit__"):
        method = view.evaluator.member(entered, name) if isinstance(entered, Instance) else None
        if isinstance(method, Bound):
            commits = (one for one in method.function.calls if one.name == "commit")
            yield from ((method.function, one.node) for one in commits)
    made = view.value(node.func, scope) if isinstance(node, ast.Call) else None
    if isinstance(made, Bound) and made.function.is_generator:
        yield from _late_commits(view, made.function, depth)


def _is_session(view: View, node: ast.expr, scope: Scope) -> bool:
    return view.statements.session(node, scope, awaited=True) is not None or isinstance(node, ast.Name)


def _begins(view: View, node: ast.expr, scope: Scope) -> bool:
    func = node.func if isinstance(node, ast.Call) else None
    if not isinstance(func, ast.Attribute) or func.attr not in _BEGINS:
        return False
    path = view.library(func.value, scope)
    return func.attr == "begin" and (not path or path.startswith(("sqlalchemy.", "sqlmodel.")))


def _ends_before(view: View, function: Function) -> bool:
    """Tell whether every `Depends` that leads to a function says `scope="function"`."""
    scopes = [_scope_of(call) for call in _depends(view, function)]
    return bool(scopes) and all(one == "function" for one in scopes)


def _depends(view: View, function: Function) -> Iterator[ast.Call]:
    for module in view.naming(function.name):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and called(node) in ("Depends", "Security") and node.args:
                value = view.value(node.args[0], view.scope(module))
                if getattr(value, "function", None) is function:
                    yield node


def _scope_of(call: ast.Call) -> str:
    found = next((one.value for one in call.keywords if one.arg == "scope"), None)
    return str(found.value) if isinstance(found, ast.Constant) else ""
