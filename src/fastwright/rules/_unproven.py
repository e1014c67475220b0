"""Rows of somebody, where nothing tells who is calling: whoever the request names has made them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.rules._accounts import foreign_key, is_known, table_name
from fastwright.rules._callers import checks_itself
from fastwright.rules._chosen import ABOUT, Setting, accounts, equalities, is_chosen, loaded, settings
from fastwright.rules._engine.guards import is_guard, refuses
from fastwright.rules._rule import Called, Found, Route, View, at
from fastwright.rules._words import is_author, is_owner, words

# Who calls these is no user of the app.
_SYSTEMS = frozenset({"webhook", "webhooks", "internal", "callback", "cron", "seed", "admin", "bot", "hook", "sync"})
_ACTORS = frozenset({"current_user", "me", "caller", "requester", "actor", "current", "logged_in_user", "auth_user"})
_CLAIMS = frozenset({"body", "form", "query"})


def is_open(view: View, route: Route) -> bool:
    """Tell an endpoint of which nothing asks who is calling, in an app where people have passwords."""
    if is_known(view, route) or checks_itself(view, route) or set(words(route.path)) & _SYSTEMS or not accounts(view):
        return False
    return not any(is_guard(one, view.evaluator) for one in route.dependencies) and not _has_middleware(view)


def _has_middleware(view: View) -> bool:
    """Tell an app whose middleware refuses: it may know who is calling, too."""
    modules = view.naming("middleware", "Middleware")
    functions = (one for module in modules for one in module.functions)
    return any(
        (one.name in ("dispatch", "__call__") or "middleware" in one.decorators) and refuses(one) for one in functions
    )


def unproven(view: View, route: Route) -> Iterator[Found]:
    """Yield the first row that somebody is said to have made, of whom nothing is known."""
    tables = {table_name(one) for one in accounts(view)}
    for call in view.calls(route, "endpoint"):
        for one in settings(view, call):
            if _is_signature(view, one, tables) and is_chosen(view, route, one.value, one.scope, sources=_CLAIMS):
                yield _unproven_at(route, call, one.value, one.row, one.column)
                return
        for copy in view.copies.of(call):
            columns = view.fields.columns(copy.model)
            for name in sorted(copy.copied.names & columns.keys()) if copy.copied.schema else ():
                one = Setting(call.node, call, name, call.node, call.scope, copy.model)
                if _is_signature(view, one, tables):
                    yield _unproven_at(route, call, call.node, one.row, name)
                    return
    yield from _acting(view, route)


def _unproven_at(route: Route, call: Called, node: ast.AST, row: str, column: str) -> Found:
    message = f"`{row}.{column}` is whoever the caller says, and nothing tells who is calling"
    return at(call.within.function, node, message, route=route)


def _is_signature(view: View, one: Setting, tables: set[str]) -> bool:
    """Tell a column that refers to those who sign in, and says whose a row is."""
    if one.model is None or one.model in accounts(view):
        return False
    if set(words(one.row)) & ABOUT or not (is_owner(one.column) or is_author(one.column)):
        return False
    field = view.fields.columns(one.model).get(one.column)
    target = (foreign_key(field.value) or foreign_key(field.annotation)) if field is not None else ""
    return target.rpartition(".")[0].rpartition(".")[2] in tables


def _acting(view: View, route: Route) -> Iterator[Found]:
    """Yield where somebody is loaded by what the caller sent, and then taken for who is calling."""
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
                yield at(reached.function, inside.line, message, route=route)
                return
