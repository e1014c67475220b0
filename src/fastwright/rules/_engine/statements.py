"""Database sessions, and the statements that are built for them: over variables, helpers and repositories."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from fastwright.project.source import last_name
from fastwright.rules._engine.evaluating import Evaluator
from fastwright.rules._engine.fields import Fields
from fastwright.rules._engine.following import Called
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.modules import Class
from fastwright.rules._engine.values import Bound, Instance, Scope, library

SessionKind = Literal["sync", "async"]
# What a session is called where nothing says what it is.
_NAMES = frozenset(
    {"db", "session", "db_session", "async_session", "dbsession", "sess", "database_session", "_session"}
)
_SYNC = ("Session", "sessionmaker()", "scoped_session()", "sessionmaker()()", "scoped_session()()", "Connection")
_ASYNC = ("AsyncSession", "async_sessionmaker()", "async_scoped_session()", "AsyncConnection")
# Connections of drivers, on which plain SQL is run.
_DRIVERS = frozenset(
    {"sqlite3.Connection", "sqlite3.connect()", "psycopg.Connection", "psycopg2.extensions.connection"}
)
_DEPTH = 40
# No statement goes through more calls than this; what does is no statement.
_MOST = 300


@dataclass(frozen=True, eq=False)
class Step:
    """A call that a value went through: `select(…)`, `.where(…)`, `.limit(…)`, `.all()`."""

    name: str
    node: ast.Call
    scope: Scope

    def argument(self, position: int, name: str) -> ast.expr | None:
        """Return an argument by its position or its name."""
        named = next((one.value for one in self.node.keywords if one.arg == name), None)
        return named or (self.node.args[position] if position < len(self.node.args) else None)


@dataclass(frozen=True, eq=False)
class _Walk:
    """What one walk has found, and where it has been."""

    found: list[Step]
    seen: set[tuple[int, int]]


class Statements:
    """Reads sessions and statements for the rules."""

    def __init__(self, evaluator: Evaluator, fields: Fields) -> None:
        self._evaluator = evaluator
        self._fields = fields
        self._known: dict[tuple[int, int], list[Step]] = {}
        self._kept: list[Scope] = []

    def session(self, node: ast.expr, scope: Scope, *, awaited: bool = False) -> SessionKind | None:
        """Return what kind of session an expression is; where its type is not known, its name tells."""
        value = self._evaluator.evaluate(node, scope)
        if value is not None:
            return self._kind(library(value), value)
        name = last_name(node)
        return ("async" if awaited else "sync") if name in _NAMES else None

    def on_session(self, call: Called) -> SessionKind | None:
        """Return the kind of session that a method is called on, such as `execute`, if it is one."""
        func = call.node.func
        if not isinstance(func, ast.Attribute):
            return None
        return self.session(func.value, call.scope, awaited=call.site.awaited)

    def steps(self, node: ast.expr | None, scope: Scope) -> list[Step]:
        """Return all calls that a value went through, in no order, over variables, parameters and functions."""
        if node is None:
            return []
        key = (id(node), id(scope))
        known = self._known.get(key)
        if known is None:
            walk = _Walk([], set())
            self._steps(node, scope, walk, _DEPTH)
            known = self._known[key] = walk.found[:_MOST]
            self._kept.append(scope)
        return known

    def models(self, node: ast.expr | None, scope: Scope) -> list[Class]:
        """Return the models that a value was selected from."""
        found: list[Class] = []
        for step in self.steps(node, scope):
            if step.name in ("select", "query", "get", "get_one", "refresh", "select_from", "exists"):
                for argument in step.node.args:
                    owner = argument.value if isinstance(argument, ast.Attribute) else argument
                    value = self._evaluator.evaluate(argument, step.scope)
                    value = value if isinstance(value, Class) else self._evaluator.evaluate(owner, step.scope)
                    if isinstance(value, Class) and self._fields.is_model(value) and value not in found:
                        found.append(value)
        return found

    def changed(self, call: Called) -> Class | None:
        """Return the model whose rows a statement adds, changes or deletes, on which a method is called."""
        func = call.node.func
        for step in self.steps(func.value, call.scope) if isinstance(func, ast.Attribute) else ():
            if step.name in ("insert", "update", "delete") and step.node.args:
                model = self._evaluator.evaluate(step.node.args[0], step.scope)
                if isinstance(model, Class):
                    return model
        return None

    def returned(self, function: Function, scope: Scope) -> Iterator[tuple[ast.expr, Scope]]:
        """Yield what a function returns."""
        yield from ((node, scope) for node in function.returned)

    def _kind(self, path: str, value: object) -> SessionKind | None:
        del value
        if path in _DRIVERS:
            return "sync"
        if not path.startswith(("sqlalchemy", "sqlmodel")):
            return None
        if path.endswith(_ASYNC) or ("asyncio" in path and path.endswith(_SYNC)):
            return "async"
        return "sync" if path.endswith(_SYNC) else None

    def _steps(self, node: ast.expr | None, scope: Scope, walk: _Walk, depth: int) -> None:
        if node is None or depth == 0 or (id(node), id(scope)) in walk.seen or len(walk.found) >= _MOST:
            return
        walk.seen.add((id(node), id(scope)))
        if isinstance(node, ast.Call):
            self._of_call(node, scope, walk, depth - 1)
        elif isinstance(node, ast.Name):
            self._of_name(node.id, scope, walk, depth - 1)
        elif isinstance(node, ast.Lambda | ast.Constant | ast.JoinedStr):
            return
        else:
            for inner in ast.iter_child_nodes(node):
                if isinstance(inner, ast.comprehension):
                    self._steps(inner.iter, scope, walk, depth - 1)
                elif isinstance(inner, ast.expr):
                    self._steps(inner, scope, walk, depth - 1)

    def _of_call(self, node: ast.Call, scope: Scope, walk: _Walk, depth: int) -> None:
        func = node.func
        name = scope.module.original(func.id) if isinstance(func, ast.Name) else last_name(func)
        walk.found.append(Step(name, node, scope))
        value = self._evaluator.evaluate(func, scope)
        if isinstance(value, Instance) and isinstance(value.of, Class):
            value = self._evaluator.member(value, "__call__")
        if isinstance(value, Bound):
            inner = self._evaluator.bind(value, node, scope)
            for returned in value.function.returned:
                self._steps(returned, inner, walk, depth)
        if isinstance(func, ast.Attribute):
            self._steps(func.value, scope, walk, depth)
        for argument in (*node.args, *(one.value for one in node.keywords)):
            self._steps(argument, scope, walk, depth)

    def _of_name(self, name: str, scope: Scope, walk: _Walk, depth: int) -> None:
        function = scope.function
        if function is None:
            return
        if name in _NAMES or (name in function.parameters and self._is_session(name, scope)):
            return  # where a session comes from is no part of a statement
        for binding in function.facts.bindings.get(name, ()):
            self._steps(binding.value, scope, walk, depth)
        if name in scope.bound:
            self._steps(*scope.bound[name], walk, depth)

    def _is_session(self, name: str, scope: Scope) -> bool:
        value = self._evaluator.name(name, scope)
        return value is not None and self._kind(library(value), value) is not None
