"""One database session for all requests.

## What it does
Finds a session that is made when its module is imported, or kept on an object that lives as long as the application.

## Why it hurts
Sessions are not made for several threads or tasks. One request commits or rolls back what another has half done, rows
of one user turn up in the identity map of another, and after one failed statement every request fails.

## Bad
```python
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite:///shop.db")
SessionLocal = sessionmaker(engine)
session = SessionLocal()  # <- found
app = FastAPI()


@app.get("/now")
def read_now() -> str:
    return str(session.scalar(text("SELECT 1")))
```

## Good
```python
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite:///shop.db")
SessionLocal = sessionmaker(engine)
app = FastAPI()


def get_session():
    with SessionLocal() as session:
        yield session


@app.get("/now")
def read_now(session: Session = Depends(get_session)) -> str:
    return str(session.scalar(text("SELECT 1")))
```

## Known limits
A `scoped_session` gives each thread its own and is not reported, though in async code all tasks share a thread.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import last_name
from fastwright.rules._rule import Class, Found, Function, Module, Rule, Scope, View, at

RULE = Rule("data", "high", ("CWE-362", "CWE-488"))
_MADE = ("Session", "AsyncSession", "sessionmaker()", "async_sessionmaker()")
_SCRIPTS = ("migrations/", "alembic/", "scripts/")


def find(view: View) -> Iterator[Found]:
    for module in view.naming("ession"):
        is_script = module.path.startswith(_SCRIPTS) or module in view.scripts
        if not is_script and "/versions/" not in module.path:
            yield from _at_import(view, module)
            for owner in module.classes:
                yield from _on_class(view, owner)
            for function in module.functions:
                yield from _on_state(view, function)


def _at_import(view: View, module: Module) -> Iterator[Found]:
    scope = view.scope(module)
    for name, values in module.values.items():
        for value in values:
            if isinstance(value, ast.Call) and not _is_main(module, value):
                if _makes(view.library(value.func, scope)):
                    yield at(module, value, f"all requests share the session `{name}`")
                elif _keeps_one(view, value, scope):
                    yield at(module, value, f"all requests share the session that `{name}` keeps")


def _on_class(view: View, owner: Class) -> Iterator[Found]:
    """Yield `session = SessionLocal()` in the body of a class."""
    for name, (_annotation, value) in owner.attributes.items():
        if isinstance(value, ast.Call) and _makes(view.library(value.func, view.scope(owner.module))):
            yield at(owner.module, value, f"all requests share the session `{owner.name}.{name}`")


def _on_state(view: View, function: Function) -> Iterator[Found]:
    """Yield `app.state.session = SessionLocal()`: one for all requests, unless it is the state of a request."""
    for node in function.nodes(ast.Assign):
        for target in node.targets:
            owner = target.value if isinstance(target, ast.Attribute) else None
            is_state = (
                isinstance(owner, ast.Attribute) and owner.attr == "state" and last_name(owner.value) != "request"
            )
            made = node.value.func if isinstance(node.value, ast.Call) else None
            if is_state and made is not None and _makes(view.library(made, view.scope(function))):
                yield at(function, node, f"all requests share the session `{ast.unparse(target)}`")


def _keeps_one(view: View, node: ast.Call, scope: Scope) -> bool:
    """Tell an object of the project that is made with a session, or that makes one in its `__init__`."""
    made = view.value(node.func, scope)
    if not isinstance(made, Class):
        return False
    given = [*node.args, *(one.value for one in node.keywords)]
    if any(isinstance(one, ast.Call) and _makes(view.library(one.func, scope)) for one in given):
        return True
    init = made.methods.get("__init__")
    kept = (one.value for one in init.nodes(ast.Assign) if isinstance(one.targets[0], ast.Attribute)) if init else ()
    inner = view.scope(init) if init else scope
    return any(isinstance(one, ast.Call) and _makes(view.library(one.func, inner)) for one in kept)


def _makes(path: str) -> bool:
    return path.startswith(("sqlalchemy.", "sqlmodel.")) and path.endswith(_MADE)


def _is_main(module: Module, value: ast.Call) -> bool:
    """Tell what only runs where the module is a script."""
    return any(
        isinstance(node, ast.If) and "__name__" in ast.unparse(node.test) and node.lineno <= value.lineno
        for node in module.tree.body
    )
