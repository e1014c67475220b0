"""One database session for all requests.

## What it does
Finds a session, or a connection of a driver such as `sqlite3` or `asyncpg`, that is made when its module is imported,
or kept in something that lives as long as the application: an object, a global, the state of the app, a cached call.
The same where each request sets its own on such an object, or on a class.

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

from fastwright.project.source import arguments, last_name
from fastwright.rules._rule import Class, Found, Function, Instance, Module, Rule, Scope, View, at

RULE = Rule("data", "high", ("CWE-362", "CWE-488"))
_MADE = ("Session", "AsyncSession", "sessionmaker()", "async_sessionmaker()", "engine().connect")
# Drivers of which one connection serves one request at a time.
_DRIVERS = frozenset(
    {"sqlite3", "aiosqlite", "asyncpg", "psycopg", "psycopg2", "pymysql", "MySQLdb", "mysql", "aiomysql"}
)
_SCRIPTS = ("migrations/", "alembic/", "scripts/")
_KEEPING = frozenset({"lru_cache", "cache", "alru_cache"})


def find(view: View) -> Iterator[Found]:
    for module in view.naming("ession", "connect"):
        is_script = module.path.startswith(_SCRIPTS) or module in view.scripts
        if not is_script and "/versions/" not in module.path:
            yield from _at_import(view, module)
            for owner in module.classes:
                yield from _on_class(view, owner)
            for function in module.functions:
                yield from _in_function(view, function)
    yield from _on_objects(view)


def _at_import(view: View, module: Module) -> Iterator[Found]:
    scope = view.scope(module)
    closed = {ast.unparse(site.node.func) for site in module.facts.calls if site.name == "close"}
    for name, values in module.values.items():
        for value in values:
            if isinstance(value, ast.Call) and not _is_main(module, value) and f"{name}.close" not in closed:
                if what := _made(view, value, scope):
                    yield at(module, value, f"all requests share the {what} `{name}`")
                elif what := _kept(view, value, scope):
                    yield at(module, value, f"all requests share the {what} that `{name}` keeps")


def _on_class(view: View, owner: Class) -> Iterator[Found]:
    """Yield `session = SessionLocal()` in the body of a class."""
    for name, (_annotation, value) in owner.attributes.items():
        if what := _made(view, value, view.scope(owner.module)):
            yield at(owner.module, owner.lines[name], f"all requests share the {what} `{owner.name}.{name}`")


def _in_function(view: View, function: Function) -> Iterator[Found]:
    """Yield what a function leaves behind for all requests: in a global, in the state of the app, or in its cache."""
    names = {name for node in function.nodes(ast.Global) for name in node.names}
    scope = view.scope(function)
    for node in function.nodes(ast.Assign):
        for target in node.targets:
            if not _is_state(target) and not (isinstance(target, ast.Name) and target.id in names):
                continue
            what = _made(view, node.value, scope) or _kept(view, node.value, scope)
            if what:
                yield at(function, node, f"all requests share the {what} `{ast.unparse(target)}`")
    for value in function.returned if function.decorators & _KEEPING else ():
        if what := _made(view, value, scope):
            yield at(function, value, f"all requests share the {what} that `{function.name}` remembers")


def _on_objects(view: View) -> Iterator[Found]:
    """Yield `self.db = db` in what runs for a request on an object of the module, or on a class: the next one wins."""
    seen: set[int] = set()
    for one in (one for route in view.routes for one in view.reached(route) if one.function.owner is not None):
        me, function = one.scope.me, one.function
        is_wide = isinstance(me, Class) or (isinstance(me, Instance) and me.made is not None and _is_wide(me.made[1]))
        if id(function) in seen or not is_wide or function.name == "__init__":
            continue
        seen.add(id(function))
        for node in function.nodes(ast.Assign):
            if any(_is_own(target, function) for target in node.targets) and _has_session(view, node.value, one.scope):
                yield at(
                    function, node, f"all requests share `{ast.unparse(node.targets[0])}`, and each sets its session"
                )


def _is_wide(made: Scope) -> bool:
    """Tell what is made when a module is imported."""
    return made.function is None


def _is_own(target: ast.expr, function: Function) -> bool:
    first = next(iter([*function.node.args.posonlyargs, *function.node.args.args]), None)
    return isinstance(target, ast.Attribute) and first is not None and last_name(target.value) == first.arg


def _has_session(view: View, node: ast.expr, scope: Scope) -> bool:
    """Tell a session, and an object that is made with one."""
    given = [node, *(arguments(node) if isinstance(node, ast.Call) else ())]
    names = [one for one in given if isinstance(one, ast.Name)]
    return any(view.statements.session(one, scope) is not None for one in names)


def _is_state(target: ast.expr) -> bool:
    """Tell `app.state.session` and `app.session`, unless it is the state of a request."""
    owner = target.value if isinstance(target, ast.Attribute) else None
    if isinstance(owner, ast.Name) and owner.id in ("app", "application"):
        return True
    return isinstance(owner, ast.Attribute) and owner.attr == "state" and last_name(owner.value) != "request"


def _kept(view: View, node: ast.expr, scope: Scope, depth: int = 3) -> str:
    """Return what an object of the project is made with, or makes in its `__init__`, if that is one for all."""
    made = view.value(node.func, scope) if isinstance(node, ast.Call) else None
    if not isinstance(made, Class) or not isinstance(node, ast.Call):
        return ""
    init = made.methods.get("__init__")
    kept = [one.value for one in init.nodes(ast.Assign) if isinstance(one.targets[0], ast.Attribute)] if init else []
    given = [(one, scope) for one in arguments(node)]
    given += [(one, view.scope(init)) for one in kept] if init else []
    found = (_made(view, *one) or (_kept(view, *one, depth - 1) if depth else "") for one in given)
    return next((what for what in found if what), "")


def _made(view: View, node: ast.expr | None, scope: Scope) -> str:
    """Return what a call makes that is for one request at a time."""
    node = node.value if isinstance(node, ast.Await) else node
    path = view.library(node.func, scope) if isinstance(node, ast.Call) else ""
    if path.startswith(("sqlalchemy.", "sqlmodel.")) and path.endswith(_MADE):
        return "connection" if path.endswith("connect") else "session"
    is_driver = path.partition(".")[0] in _DRIVERS and path.endswith(".connect")
    return "connection" if is_driver and "ool" not in path else ""


def _is_main(module: Module, value: ast.Call) -> bool:
    """Tell what only runs where the module is a script."""
    return any(
        isinstance(node, ast.If) and "__name__" in ast.unparse(node.test) and node.lineno <= value.lineno
        for node in module.tree.body
    )
