"""Database sessions, and the statements that are built for them: over variables, helpers and repositories."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.project.source import arguments, last_name
from fastwright.rules._engine.constants import Constants
from fastwright.rules._engine.drivers import SessionKind, session_kind
from fastwright.rules._engine.evaluating import Evaluator
from fastwright.rules._engine.facts import reaching
from fastwright.rules._engine.fields import Fields
from fastwright.rules._engine.following import Called
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.modules import Class
from fastwright.rules._engine.sql import Sql, read_sql
from fastwright.rules._engine.texts import Texts
from fastwright.rules._engine.values import Bound, Instance, Scope, library

# What a session is called where nothing says what it is.
_NAMES = frozenset(
    {"db", "session", "db_session", "async_session", "dbsession", "sess", "database_session", "_session"}
)
# What a connection of a driver is called, on which statements are run.
_CONNECTIONS = frozenset({"conn", "connection", "cursor", "cur", "curs", "con", "database", "_conn", "_cursor"})
_RUNS = frozenset(
    {"execute", "executemany", "executescript", "commit", "fetch_all", "fetch_one", "fetchall", "fetchone"}
)
# Methods that are given a statement in text.
SENDING = frozenset(
    {"execute", "executemany", "executescript", "exec_driver_sql", "fetch", "fetchrow", "fetchval", "fetch_all"}
    | {"fetch_one", "fetch_val", "iterate", "execute_fetchall", "execute_insert", "scalar", "scalars", "exec", "stream"}
    | {"query", "query_all", "query_one", "fetchall", "fetchone", "read_sql", "read_sql_query", "mogrify", "cursor"}
)
# Functions that are given a connection first.
_SENDING_SECOND = frozenset({"execute_values", "execute_batch"})
_CONDITIONS = frozenset({"where", "filter", "filter_by", "having"})
_TABLE = "sqlalchemy.Table"
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
class Sent:
    """Statements in text, and the call that sends them, or where the text is given to what sends it."""

    node: ast.expr
    scope: Scope
    statements: tuple[Sql, ...]


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
        self.texts = Texts(Constants(evaluator))
        self._known: dict[tuple[int, int], list[Step]] = {}
        self._kept: list[Scope] = []

    def session(self, node: ast.expr, scope: Scope, *, awaited: bool = False) -> SessionKind | None:
        """Return what kind of session an expression is; where its type is not known, its name tells."""
        value = self._evaluator.evaluate(node, scope)
        if value is not None:
            return session_kind(library(value))
        name = last_name(node)
        return ("async" if awaited else "sync") if name in _NAMES else None

    def on_session(self, call: Called) -> SessionKind | None:
        """Return the kind of session that a method is called on, such as `execute`, if it is one."""
        func = call.node.func
        if not isinstance(func, ast.Attribute):
            return None
        kind = self.session(func.value, call.scope, awaited=call.site.awaited)
        if kind is not None or call.name not in _RUNS or last_name(func.value) not in _CONNECTIONS:
            return kind
        return ("async" if call.site.awaited else "sync") if call.value is None else None

    def sql(self, node: ast.Call, scope: Scope) -> tuple[Sql, ...]:
        """Return the statements in text that a call sends; what a function of the project is given, that sends."""
        given = sql_argument(node)
        if given is None or isinstance(self._evaluator.evaluate(node.func, scope), Bound):
            return ()
        return read_sql(self.texts.of(given, scope))

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

    def sent(self, step: Step) -> list[Sent]:
        """Return the statements in text whose rows a call gives: it sends them, or its cursor has before."""
        found = [self._sent(one.node, one.scope) for one in self.steps(step.node, step.scope)]
        cursor = step.node.func.value if isinstance(step.node.func, ast.Attribute) else None
        if step.name == "list" and cursor is None:
            cursor = next(iter(step.node.args), None)
        spelled = ast.unparse(cursor) if isinstance(cursor, ast.Name | ast.Attribute) else ""
        if not any(found) and spelled and step.scope.function is not None:
            before = [
                self._sent(one.node, step.scope)
                for one in step.scope.function.calls
                if isinstance(one.node.func, ast.Attribute)
                and last_name(one.node.func.value) == last_name(cursor)
                and ast.unparse(one.node.func.value) == spelled
                and one.node.lineno <= step.node.lineno
            ]
            found = [one for one in before if one][-1:]
        return [one for one in found if one]

    def _sent(self, node: ast.Call, scope: Scope) -> Sent | None:
        statements = self.sql(node, scope)
        if not statements:
            return None
        text, where = self.texts.given(sql_argument(node), scope)
        return Sent(node, scope, statements) if where is scope or text is None else Sent(text, where, statements)

    def core_tables(self, node: ast.expr | None, scope: Scope) -> list[str]:
        """Return the tables of SQLAlchemy Core that a value is selected from, or that are changed."""
        found: list[str] = []
        for step in self.steps(node, scope):
            if step.name in ("select", "insert", "update", "delete", "select_from"):
                owner = [step.node.func.value] if isinstance(step.node.func, ast.Attribute) else []
                for one in (*owner, *step.node.args):
                    name = self._core_table(one, step.scope)
                    found += [name] if name and name not in found else []
        return found

    def _core_table(self, node: ast.expr, scope: Scope) -> str:
        while isinstance(node, ast.Attribute):  # `notes.c.text`
            node = node.value
        value = self._evaluator.evaluate(node, scope)
        made = value.made[0] if isinstance(value, Instance) and value.made and library(value) == _TABLE else None
        first = made.args[0] if made is not None and made.args else None
        return str(first.value) if isinstance(first, ast.Constant) else ""

    def models(self, node: ast.expr | None, scope: Scope) -> list[Class]:
        """Return the models that a value was selected from."""
        return self._models(self.steps(node, scope))

    def _models(self, steps: list[Step]) -> list[Class]:
        found: list[Class] = []
        for step in steps:
            if step.name in ("select", "query", "get", "get_one", "refresh", "select_from", "exists"):
                for argument in step.node.args:
                    owner = argument.value if isinstance(argument, ast.Attribute) else argument
                    value = self._evaluator.evaluate(argument, step.scope)
                    value = value if isinstance(value, Class) else self._evaluator.evaluate(owner, step.scope)
                    if isinstance(value, Class) and self._fields.is_model(value) and value not in found:
                        found.append(value)
        return found

    def selected(self, node: ast.expr | None, scope: Scope) -> list[Class]:
        """Return the models whose rows a value is, and not those that its conditions ask."""
        steps = self.steps(node, scope)
        given = [(one, step.scope) for step in steps if step.name in _CONDITIONS for one in arguments(step.node)]
        inside = {id(inner.node) for one, where in given for inner in self.steps(one, where)}
        return self._models([step for step in steps if id(step.node) not in inside])

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

    def _steps(self, node: ast.expr | None, scope: Scope, walk: _Walk, depth: int) -> None:
        if node is None or depth == 0 or (id(node), id(scope)) in walk.seen or len(walk.found) >= _MOST:
            return
        walk.seen.add((id(node), id(scope)))
        if isinstance(node, ast.Call):
            self._of_call(node, scope, walk, depth - 1)
        elif isinstance(node, ast.Name):
            self._of_name(node, scope, walk, depth - 1)
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
        for argument in arguments(node):
            self._steps(argument, scope, walk, depth)

    def _of_name(self, node: ast.Name, scope: Scope, walk: _Walk, depth: int) -> None:
        function, name = scope.function, node.id
        if function is None:
            return
        if name in _NAMES or (name in function.parameters and self._is_session(name, scope)):
            return  # where a session comes from is no part of a statement
        for binding in reaching(function.facts.bindings.get(name, []), node, given=name in function.parameters):
            self._steps(binding.value, scope, walk, depth)
        if name in scope.bound:
            self._steps(*scope.bound[name], walk, depth)

    def _is_session(self, name: str, scope: Scope) -> bool:
        value = self._evaluator.name(name, scope)
        return value is not None and session_kind(library(value)) is not None


def sql_argument(node: ast.Call) -> ast.expr | None:
    """Return what a call may be given as a statement in text."""
    name = last_name(node.func)
    if name in _SENDING_SECOND and len(node.args) > 1:
        return node.args[1]
    if name not in SENDING or not isinstance(node.func, ast.Attribute):
        return None
    named = next((one.value for one in node.keywords if one.arg in ("query", "sql", "statement")), None)
    return node.args[0] if node.args else named
