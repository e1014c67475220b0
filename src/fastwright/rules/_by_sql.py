"""Rows that a text of SQL takes by an id, or by whose they are, and never holds against who is calling."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from fastwright.rules._accounts import names_in, sql_text
from fastwright.rules._callers import callers, checks_itself, is_caller
from fastwright.rules._held_against import meets_caller
from fastwright.rules._holes import holes
from fastwright.rules._loading import is_named
from fastwright.rules._persons import MANY, PEOPLE
from fastwright.rules._routes import CHANGES
from fastwright.rules._rule import Called, Found, Route, View, at
from fastwright.rules._scoped import attributes
from fastwright.rules._sql import Statement, statement
from fastwright.rules._words import is_author, is_owner, words

_KEYS = frozenset({"id", "uuid", "public_id", "uid"})
_ASKED = re.compile(r"\bwhere\b.*?(\w+)[\"`]?\s*=\s*$", re.IGNORECASE | re.DOTALL)
_WHERE = re.compile(r"\bwhere\b", re.IGNORECASE)
# Where a guard may find whose rows a request is about, without a parameter for it.
_SENT = frozenset({"path_params", "query_params"})


@dataclass(frozen=True)
class _Tables:
    """What texts of SQL say of their tables."""

    # By table: the columns that are held against who is calling, and those that are held against what was sent.
    owners: dict[str, set[str]] = field(default_factory=dict)
    sent: dict[str, set[str]] = field(default_factory=dict)
    # The tables of which somebody may read all rows, or anybody some.
    listed: set[str] = field(default_factory=set)


_TABLES: WeakKeyDictionary[View, _Tables] = WeakKeyDictionary()


def by_text(view: View, route: Route) -> Iterator[Found]:
    """Yield the first text of SQL that loads or changes what is somebody's for whoever is signed in."""
    for call in view.calls(route, "endpoint"):
        text = sql_text(view, call.node, call.scope)
        found = _by_key(view, route, call, statement(text)) if text else ""
        if text and not found:
            found = _by_owner(view, route, call)
        if found:
            yield at(call.within.function, call.node, found, route=route)
            return


def _by_key(view: View, route: Route, call: Called, read: Statement | None) -> str:
    """Say that a row is taken by its id, of a table in which others have an owner."""
    if read is None or read.verb == "insert" or not read.asked & _KEYS:
        return ""
    tables = _tables(view)
    owners = {one for one in tables.owners.get(read.table, ()) if not is_author(one) or read.verb != "select"}
    if route.method in CHANGES:
        owners |= tables.sent.get(read.table, set())
    given = [one for argument in call.node.args[1:] for one in ast.walk(argument) if isinstance(one, ast.expr)]
    is_chosen = any(is_named(view, route, one, call.scope) for one in given)
    if not owners or not is_chosen or read.asked & owners or _is_looked_at(view, route, read, owners):
        return ""
    return f"a row of `{read.table}` is somebody's (`{min(owners)}`), and is taken for any caller"


def _by_owner(view: View, route: Route, call: Called) -> str:
    """Say that rows are taken by whose they are, and that this is whoever the caller says."""
    for sql in view.statements.sql(call.node, call.scope)[:1]:
        is_account = bool((PEOPLE | MANY) & set(words(sql.table)))
        if sql.verb == "insert" or is_account or (route.method not in CHANGES and sql.table in _tables(view).listed):
            return ""
        for before, value, scope in holes(view, call):
            column = _ASKED.search(before)
            if column is None or not is_owner(column[1].lower()) or not is_named(view, route, value, scope):
                continue
            names = {one.name for origin in view.origins.of(value, scope) for one in origin.roots}
            if not is_guarded(route, names) and not meets_caller(view, route):
                return f"rows of `{sql.table}` are somebody's (`{column[1]}`), and are taken for any caller"
    return ""


def is_guarded(route: Route, names: set[str]) -> bool:
    """Tell a guard that looks at what a request is about: whose it is may be its question."""
    guards = (one.function for one in route.dependencies if one.function is not None)
    return any(
        names & set(one.parameters) or any(node.attr in _SENT for node in one.nodes(ast.Attribute)) for one in guards
    )


def _is_looked_at(view: View, route: Route, row: Statement, owners: set[str]) -> bool:
    """Tell whether anything that runs for an endpoint compares an owner, or asks for one in a text of SQL."""
    # An endpoint that is not given who is calling asks another table only for the owner that the row has.
    is_told = checks_itself(view, route) or any(one.owner is route.function for one in callers(view, route))
    for reached in view.reached(route):
        if any(owners & (attributes(node) | set(names_in(node))) for node in reached.function.nodes(ast.Compare)):
            return True
        texts = (sql_text(view, site.node, reached.scope) for site in reached.function.calls)
        asked = (statement(one) for one in texts if one) if reached.root == "endpoint" else ()
        if any(one and one.asked & owners and (is_told or one.table == row.table) for one in asked):
            return True
    return False


def _tables(view: View) -> _Tables:
    known = _TABLES.get(view)
    if known is None:
        known = _TABLES[view] = _Tables()
        for route in view.routes:
            for call in view.calls(route, "endpoint"):
                text = sql_text(view, call.node, call.scope)
                if text:
                    _note(view, route, call, text, known)
    return known


def _note(view: View, route: Route, call: Called, text: str, known: _Tables) -> None:
    """Note whom a text of SQL asks for, or that it asks for nobody."""
    for sql in view.statements.sql(call.node, call.scope)[:1] if route.method == "GET" else ():
        if sql.verb == "select" and not (route.auth.required and _WHERE.search(text)):
            known.listed.add(sql.table)
    read = statement(text)
    asked = {one for one in read.asked if one.endswith("_id") or is_owner(one)} if read is not None else set[str]()
    if read is None or not asked:
        return
    given = [one for argument in call.node.args[1:] for one in ast.walk(argument) if isinstance(one, ast.expr)]
    if any(is_caller(view, route, origin) for one in given for origin in view.origins.of(one, call.scope)):
        known.owners.setdefault(read.table, set()).update(asked)
    theirs = {one for one in asked if is_owner(one)} if route.auth.required else set[str]()
    if theirs and any(is_named(view, route, one, call.scope) for one in given):
        known.sent.setdefault(read.table, set()).update(theirs)
