"""Rows of somebody, where nothing tells who is calling: whoever the request names has made them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from fastwright.project.source import last_name
from fastwright.rules._accounts import PEOPLE, foreign_key, is_known, names_in, owner_columns, table_names
from fastwright.rules._callers import callers, checks_itself
from fastwright.rules._chosen import ABOUT, Setting, accounts, equalities, is_chosen, loaded, settings, source
from fastwright.rules._engine.guards import is_guard, refuses
from fastwright.rules._engine.statements import SENDING
from fastwright.rules._holes import holes
from fastwright.rules._rule import Called, Found, Route, Scope, View, at, on
from fastwright.rules._words import is_author, is_owner, is_password, words

# Who calls these is no user of the app.
_SYSTEMS = frozenset({"webhook", "webhooks", "internal", "callback", "cron", "seed", "admin", "bot", "hook", "sync"})
# What is called before somebody is known, and is proven by a password or a code.
_PROVING = frozenset({"login", "signin", "register", "signup", "verify", "reset", "otp", "activate", "confirm"})
# Who did something, in columns that refer to people.
_SIGNERS = frozenset({"sender", "reviewer", "requester", "follower", "voter", "commenter", "host", "booker"})
_ACTORS = frozenset({"current_user", "me", "caller", "requester", "actor", "current", "logged_in_user", "auth_user"})
_CLAIMS = frozenset({"body", "form", "query"})
_EQUAL = re.compile(r"(\w+)\s*=\s*$")
_REFUSED = re.compile(r"403|forbidden|permission|not_?allowed", re.IGNORECASE)
_APPS: WeakKeyDictionary[View, _App] = WeakKeyDictionary()


def is_open(view: View, route: Route) -> bool:
    """Tell an endpoint of which nothing asks who is calling, in an app where people have passwords."""
    steps = set(words(route.path))
    if is_known(view, route) or checks_itself(view, route) or steps & (_SYSTEMS | _PROVING):
        return False
    if not _app(view).keeps_passwords or _app(view).asks_in_middleware:
        return False
    return not any(is_guard(one, view.evaluator) for one in route.dependencies)


@dataclass(frozen=True)
class _App:
    """What is to be known of an app once: whether people have passwords there, and who looks at who is calling."""

    keeps_passwords: bool
    asks_in_endpoints: bool
    asks_in_middleware: bool


def _app(view: View) -> _App:
    known = _APPS.get(view)
    if known is None:
        sites = view.sites(view.naming("INSERT", "insert into"), lambda name: name in SENDING)
        written = (one for site, scope in sites for one in view.statements.sql(site.node, scope))
        between = (
            one
            for module in view.naming("middleware", "Middleware")
            for one in module.functions
            if one.name in ("dispatch", "__call__") or "middleware" in one.decorators
        )
        known = _APPS[view] = _App(
            bool(accounts(view)) or any(is_password(name) for one in written for name, _value in one.columns),
            any(is_known(view, one) or callers(view, one) for one in view.routes),
            any(refuses(one) for one in between),
        )
    return known


def unproven(view: View, route: Route) -> Iterator[Found]:
    """Yield the first place where somebody is said to act of whom nothing is known."""
    if route.method != "GET":
        yield from _made(view, route) or _asked(view, route) or _checked(view, route) or _acting(view, route)
    elif not _app(view).asks_in_endpoints:
        yield from _asked(view, route)


def _made(view: View, route: Route) -> list[Found]:
    """Return the first row that somebody is said to have made."""
    tables = {name for one in accounts(view) for name in table_names(one)}
    for call in view.calls(route, "endpoint"):
        for one in settings(view, call):
            if _is_signature(view, one, tables) and is_chosen(view, route, one.value, one.scope, sources=_CLAIMS):
                return [_unproven_at(route, call, one.value, one.row, one.column)]
        for copy in view.copies.of(call) if call.name != "setattr" else ():
            is_sent = any(source(view, route, one) in _CLAIMS for one in copy.copied.origins)
            for name in sorted(copy.copied.names) if is_sent and copy.copied.schema else ():
                one = Setting(call, name, call.node, call.scope, copy.model)
                if _is_signature(view, one, tables):
                    return [_unproven_at(route, call, call.node, one.row, name)]
    return []


def _asked(view: View, route: Route) -> list[Found]:
    """Return the first query for what is somebody's, by an id that has to be sent."""
    for call in view.calls(route, "endpoint"):
        for row, column, value, scope in _conditions(view, call):
            names = {column, last_name(value)}
            if (
                not any(_signs(one) for one in names)
                or set(words(row)) & ABOUT
                or not _is_required(view, value, scope, call)
            ):
                continue
            if is_chosen(view, route, value, scope, sources=_CLAIMS):
                return [_unproven_at(route, call, value, row, column)]
    return []


def _checked(view: View, route: Route) -> list[Found]:
    """Return where an owner is held against what the caller sent, before somebody is refused."""
    for reached in view.reached(route, "endpoint"):
        for node, around in reached.function.facts.raises:
            tests = [one for test, _holds in around.branches[-1:] for one in ast.walk(test)]
            for one in tests if _REFUSED.search(ast.unparse(node)) else ():
                sides = (one.left, *one.comparators) if isinstance(one, ast.Compare) else ()
                held = any(_signs(name) for side in sides for name in names_in(side))
                if held and any(is_chosen(view, route, side, reached.scope, sources=_CLAIMS) for side in sides):
                    message = "what the caller sent is held against the owner, and nothing tells who is calling"
                    return [at(reached.function, one, message, route=route)]
    return []


def _conditions(view: View, call: Called) -> Iterator[tuple[str, str, ast.expr, Scope]]:
    """Yield the table, the column and the value of each equality in a query."""
    if call.name in ("where", "filter", "filter_by") and isinstance(call.node.func, ast.Attribute):
        for model in loaded(view, call):
            columns = owner_columns(view, model, accounts(view)) if model not in accounts(view) else set[str]()
            yield from ((model.name, name, value, call.scope) for name, value in equalities(call) if name in columns)
    for sql in view.statements.sql(call.node, call.scope)[:1]:
        for before, value, scope in holes(view, call) if sql.verb != "insert" else ():
            match = _EQUAL.search(before)
            is_asked = sql.verb == "select" or "where" in before.lower()
            if match is None or _is_own_key(sql.table, match[1]):
                continue
            if is_asked and not set(words(sql.table)) & PEOPLE:
                yield sql.table, match[1], value, scope


def _is_required(view: View, value: ast.expr, scope: Scope, call: Called) -> bool:
    """Tell what has to be sent: a field or parameter without a default."""
    roots = [root for one in view.origins.of(value, scope) for root in one.roots]
    functions = [(one.function, one.name) for one in roots if one.kind == "parameter" and one.function is not None]
    return not call.site.around.branches and all(name not in function.defaults for function, name in functions)


def _unproven_at(route: Route, call: Called, node: ast.AST, row: str, column: str) -> Found:
    message = f"`{row}.{column}` is whoever the caller says, and nothing tells who is calling"
    is_own = call.within.function is route.function
    return at(call.within.function, node, message, route=route) if is_own else on(route, message)


def _is_signature(view: View, one: Setting, tables: set[str]) -> bool:
    """Tell a column that refers to those who sign in, and says whose a row is."""
    if one.model in accounts(view):
        return False
    if set(words(one.row)) & ABOUT or not _signs(one.column):
        return False
    if one.model is None:
        return not _is_own_key(one.table, one.column)
    field = view.fields.columns(one.model).get(one.column)
    target = (foreign_key(field.value) or foreign_key(field.annotation)) if field is not None else ""
    return target.rpartition(".")[0].rpartition(".")[2] in tables


def _is_own_key(table: str, column: str) -> bool:
    """Tell `students.student_id`, by which a row is known: it says of nobody that they did something."""
    return table.lower() in (column.removesuffix("_id"), column.removesuffix("_id") + "s")


def _signs(column: str) -> bool:
    parts = words(column)
    return is_owner(column) or is_author(column) or (parts[-1:] == ("id",) and bool(_SIGNERS & set(parts)))


def _acting(view: View, route: Route) -> list[Found]:
    """Return where somebody is loaded by what the caller sent, and then taken for who is calling."""
    for reached in view.reached(route, "endpoint"):
        bindings = reached.function.facts.bindings
        loads = [one for name in bindings.keys() & _ACTORS for one in bindings[name]]
        for call in view.calls_within(reached) if loads else ():
            inside = next((one for one in loads if any(node is call.node for node in ast.walk(one.value))), None)
            if inside is None or not any(one in accounts(view) for one in loaded(view, call)):
                continue
            keys = call.node.args[1:2] if call.name in ("get", "get_one") else [one for _name, one in equalities(call)]
            if any(is_chosen(view, route, one, call.scope, sources=_CLAIMS) for one in keys):
                message = "whoever the caller names is taken for who is calling"
                return [at(reached.function, inside.line, message, route=route)]
    return []
