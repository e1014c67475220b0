"""A statement that is put together from text and values.

## What it does
Finds SQL with a value inside its text (an f-string, `%`, `.format`, `+`) that is handed to `text()` or to `execute`,
and a statement that callers write themselves.

## Why it hurts
Whoever chooses the value writes a part of the statement: they read other people's rows, or drop the table. Parameters
are sent beside the statement and are never read as SQL.

## Bad
```python
from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.orm import Session

from shop.database import get_session

app = FastAPI()


@app.get("/search")
def count_matches(term: str, session: Session = Depends(get_session)) -> int:
    statement = f"SELECT count(*) FROM products WHERE name = '{term}'"
    return session.scalar(text(statement)) or 0  # <- found
```

## Good
```python
from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.orm import Session

from shop.database import get_session

app = FastAPI()


@app.get("/search")
def count_matches(term: str, session: Session = Depends(get_session)) -> int:
    statement = text("SELECT count(*) FROM products WHERE name = :term")
    return session.scalar(statement, {"term": term}) or 0
```

## Known limits
Names of tables and columns cannot be parameters; take them from a fixed list, and what is taken from there is silent.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import arguments, last_name
from fastwright.rules._engine.constants import MISSING
from fastwright.rules._engine.sql import is_sql
from fastwright.rules._engine.statements import SENDING, sql_argument
from fastwright.rules._rule import (
    Called,
    Class,
    External,
    Found,
    Function,
    Module,
    Origin,
    Route,
    Rule,
    Scope,
    Site,
    View,
    at,
    project_class,
)
from fastwright.rules._words import words

RULE = Rule("data", "high", ("ASVS 5.0.0 1.2.4", "CWE-89"))
_MAKES = frozenset({"text", "literal_column", "DDL"})
_TEXTS = _MAKES | SENDING
_LIBRARIES = ("sqlalchemy.", "sqlmodel.")
# `text(body.query.strip())`, or handed on from the endpoint to a service to a repository: so many steps are followed.
_WRAPS = 12
_NAMES = frozenset({"table", "schema", "database", "sequence", "extension", "procedure"})
_NUMBERS = frozenset({"int", "float", "bool", "len", "range"})


def find(view: View) -> Iterator[Found]:
    seen: set[int] = set()
    for route in view.routes:
        for call in view.calls(route):
            given = _given(call.node) if call.name in _TEXTS else None
            if isinstance(given, ast.Name):
                yield from _handed(view, call, given, route, seen)
            if given is not None and id(call.node) not in seen and _is_chosen(view, route, given, call):
                seen.add(id(call.node))
                what = "a part of the statement" if call.name in _MAKES else "the whole statement"
                message = f"callers write {what}"
                yield at(call.site.function or call.site.module, call.node, message, route=route)
    modules = view.naming("sqlalchemy", "sqlmodel", "sqlite3", "psycopg", "asyncpg", "databases", "execute")
    for site, scope in view.sites((one for one in modules if not one.is_migration), lambda name: name in _TEXTS):
        given = _given(site.node)
        if given is not None and id(given) not in seen and _is_sql(view, site, scope) and _is_made(view, given, scope):
            message = "a value is written into the text of a statement"
            yield at(site.function or site.module, site.node, message)


def _given(node: ast.Call) -> ast.expr | None:
    """Return the text that a call is given: what it sends, or what it makes a statement of."""
    return sql_argument(node) or (node.args[0] if node.args else None)


def _is_chosen(view: View, route: Route, given: ast.expr, call: Called) -> bool:
    """Tell a statement, or a part of one, that is a parameter of the endpoint, or a field of the body, as it came."""
    is_part = call.name in _MAKES and view.library(call.node.func, call.scope).startswith(_LIBRARIES)
    if not is_part and (call.name not in SENDING or not view.statements.on_session(call)):
        return False
    node, scope = _unwrapped(view, given, call.scope)
    owner = node.value if isinstance(node, ast.Attribute) else node
    function = scope.function
    if function is None or not isinstance(owner, ast.Name) or owner.id not in function.parameters:
        return False
    if not view.fills(route, function):
        return False
    value = view.value(owner, scope)
    if owner is not node:
        return view.fields.is_schema(value)
    return view.library(owner, scope) in ("", "builtins.str") and not _is_matched(function.defaults.get(owner.id))


def _unwrapped(view: View, node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope]:
    """Return what is handed on until it is `text(…)` of: a parameter of the endpoint, unless it is looked up before."""
    for _ in range(_WRAPS):
        function = scope.function
        if isinstance(node, ast.Name) and function is not None and _is_looked_up(node, function):
            break
        inner = node.args[:1] if isinstance(node, ast.Call) and last_name(node.func) == "text" else []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "strip":
            inner = [node.func.value]
        if inner:
            node = inner[0]
        elif isinstance(node, ast.Name) and function is not None and node.id in function.parameters:
            if node.id in function.facts.bindings or node.id not in scope.bound:
                return node, scope
            node, scope = scope.bound[node.id]
        else:
            written = view.constants.written(node, scope)
            if written is None or written[0] is node:
                return node, scope
            node, scope = written
    return ast.Constant(None), scope


def _is_matched(default: ast.expr | None) -> bool:
    """Tell `Query("id", pattern="^(id|name)$")`."""
    return isinstance(default, ast.Call) and any(one.arg in ("pattern", "regex", "enum") for one in default.keywords)


def _handed(view: View, call: Called, name: ast.Name, route: Route, seen: set[int]) -> Iterator[Found]:
    """Yield the text that is made for a function that executes what it is given."""
    given = call.scope.bound.get(name.id)
    if given is not None and isinstance(given[0], ast.Name):
        given = view.constants.written(*given)
    if given is None or isinstance(given[0], ast.Name) or id(given[0]) in seen:
        return
    if _is_sql(view, call.site, call.scope) and _is_made(view, *given):
        seen.add(id(given[0]))
        message = "a value is written into the text of a statement"
        yield at(given[1].function or given[1].module, given[0], message, route=route)


def _is_sql(view: View, site: Site, scope: Scope) -> bool:
    """Tell a call that takes SQL: SQLAlchemy's `text`, or a method that executes what begins like a statement."""
    path = view.library(site.node.func, scope)
    name = path.rpartition(".")[2]
    if path.startswith(_LIBRARIES) and name in _MAKES:
        return True
    return is_sql(view.statements.texts.of(sql_argument(site.node), scope))


def _is_made(view: View, node: ast.expr, scope: Scope, depth: int = 6) -> bool:
    """Tell a text with a value in it that is not written in the code."""
    if depth == 0:
        return False
    if any(_is_made(view, one, scope, depth - 1) or _is_open(view, one, scope) for one in _added(node, scope)):
        return True
    node, scope = view.constants.written(node, scope) or (node, scope)
    if any(_is_made(view, one, scope, depth - 1) for one in _joined(node, scope)):
        return True
    if isinstance(node, ast.JoinedStr):
        inserted = [one.value for one in node.values if isinstance(one, ast.FormattedValue)]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        inserted = [node.right]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = (node.left, node.right)
        return any(_is_made(view, one, scope, depth - 1) for one in parts) or any(
            not isinstance(one, ast.Constant | ast.JoinedStr | ast.BinOp) and _is_open(view, one, scope)
            for one in parts
        )
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        inserted = arguments(node)
    else:
        return False
    return any(_is_open(view, one, scope) for one in inserted)


def _joined(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    """Yield the texts that a list has which is joined: `" AND ".join(conditions)`."""
    if isinstance(node, ast.JoinedStr):
        for value in node.values:
            yield from _joined(value.value, scope) if isinstance(value, ast.FormattedValue) else ()
    is_join = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join"
    names = [one.id for one in node.args if isinstance(one, ast.Name)] if isinstance(node, ast.Call) and is_join else []
    for site in scope.function.calls if names and scope.function is not None else ():
        func = site.node.func
        if isinstance(func, ast.Attribute) and func.attr == "append" and last_name(func.value) in names:
            yield from site.node.args


def _added(node: ast.expr, scope: Scope) -> list[ast.expr]:
    """Return what is put at the end of a variable by `+=`; literals are harmless."""
    if not isinstance(node, ast.Name) or scope.function is None:
        return []
    found = [one.value for one in scope.function.facts.bindings.get(node.id, ()) if one.kind == "added"]
    return [one for one in found if not isinstance(one, ast.Constant)]


def _is_open(view: View, node: ast.expr, scope: Scope) -> bool:
    """Tell a value that comes from outside, or of which that is not known; numbers are harmless."""
    if isinstance(node, ast.Tuple | ast.List):
        return any(_is_open(view, one, scope) for one in node.elts)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _NUMBERS:
        return False
    if _is_written(view, node, scope):
        return False
    if isinstance(node, ast.Subscript) and view.constants.written(node.value, scope) is not None:
        written = view.constants.written(node.value, scope)
        if written is not None and isinstance(written[0], ast.Dict):
            return False
    if isinstance(node, ast.Attribute) and (
        node.attr in ("__tablename__", "name", "table") or _is_member(view, node, scope)
    ):
        return False
    return any(_is_given(view, one) for one in view.origins.of(node, scope))


def _is_written(view: View, node: ast.expr, scope: Scope) -> bool:
    """Tell a value that is written in the code, or a parameter that can only be what is harmless."""
    function = scope.function
    if (
        function is None
        or not isinstance(node, ast.Name)
        or node.id not in function.parameters.keys() - scope.bound.keys()
    ):
        return view.constants.of(node, scope) is not MISSING
    return _is_harmless(view, node, function, scope)


def _is_harmless(view: View, node: ast.Name, function: Function, scope: Scope) -> bool:
    """Tell a parameter that can only be a number, or one of a few texts: by its type, or since it is looked up."""
    if _is_looked_up(node, function):
        return True
    value = view.value(node, scope)
    made = project_class(value)
    if made is not None:
        return view.evaluator.classes.inherits(made, lambda path: path.startswith("enum."))
    return view.library(node, scope).rpartition(".")[2] in (
        "int",
        "float",
        "bool",
        "UUID",
        "date",
        "Decimal",
        "Literal",
    )


def _is_looked_up(node: ast.Name, function: Function) -> bool:
    return any(
        isinstance(one.left, ast.Name) and one.left.id == node.id and isinstance(one.ops[0], ast.In | ast.NotIn)
        for one in function.nodes(ast.Compare)
    )


def _is_member(view: View, node: ast.Attribute, scope: Scope) -> bool:
    """Tell the value of a member of an enum: `State.open.value`."""
    owner = view.value(node.value.value, scope) if isinstance(node.value, ast.Attribute) else None
    return isinstance(owner, Class) and view.evaluator.classes.inherits(owner, lambda path: path.startswith("enum."))


def _is_given(view: View, one: Origin) -> bool:
    """Tell what a caller may have sent; what an object was made with, or is configured with, was written by us."""
    if one.kind == "parameter":
        # A name cannot be bound: what a helper is told by the code around it is harmless.
        is_name = bool(_NAMES & set(words(one.name))) and id(one.function) not in view.running
        return one.function is None or (one.function.name != "__init__" and not is_name)
    owner = view.value(one.node.value, one.scope) if isinstance(one.node, ast.Attribute) else None
    if isinstance(owner, Class | Module | External):
        return False  # what a class or a module has was written by us
    return one.kind == "field" and (one.owner is None or view.fields.is_schema(one.owner))
