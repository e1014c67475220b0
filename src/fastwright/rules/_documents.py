"""Rows of mappers that are asked by their class, and documents of collections: what a request names and gets at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from fastwright.rules._accounts import PEOPLE, names_in
from fastwright.rules._callers import is_caller
from fastwright.rules._collections import collection, is_mapper, kept
from fastwright.rules._held_against import meets_caller, names_account
from fastwright.rules._loading import is_named
from fastwright.rules._routes import CHANGES, where_it_counts
from fastwright.rules._rule import Bound, Called, Class, Found, Route, View
from fastwright.rules._scoped import is_checked_by_call
from fastwright.rules._words import is_author, is_owner, is_password, words

_FINDERS = frozenset({"get", "get_or_none", "filter", "find_one", "get_one"})
# What a collection is asked for one document with, and what puts one there.
_ASKS = frozenset({"find_one", "update_one", "delete_one", "find_one_and_update", "find_one_and_delete", "replace_one"})
_CHANGING = _ASKS - {"find_one"}
_MANY = frozenset({"find", "count_documents"})
_KEYS = frozenset({"id", "pk", "uuid", "_id"})


@dataclass(frozen=True)
class _Owned:
    """The keys that say whose a document is, by collection, and those by which reads ask for the caller's own."""

    owners: dict[str, set[str]]
    private: dict[str, set[str]]


_OWNED: WeakKeyDictionary[View, _Owned] = WeakKeyDictionary()


def unowned(view: View, route: Route) -> Iterator[Found]:
    """Yield the first row or document of somebody that an endpoint takes for whoever is signed in."""
    if meets_caller(view, route) or is_checked_by_call(view, route):
        return
    for call in view.calls(route, "endpoint"):
        name, owners, is_account = _asked(view, route, call)
        if not (owners or is_account) or not any(is_named(view, route, one, call.scope) for one in _keys(view, call)):
            continue
        if is_account:
            yield where_it_counts(view, route, call, f"any caller changes any of `{name}`: nobody asks whose it is")
            return
        if not _is_looked_at(view, route, owners):
            message = f"`{name}` is somebody's (`{min(owners)}`), and is loaded for any caller"
            yield where_it_counts(view, route, call, message)
            return


def _asked(view: View, route: Route, call: Called) -> tuple[str, set[str], bool]:
    """Return what is asked for a row or a document, what says whose it is, and whether it is an account."""
    func = call.node.func
    nothing = ("", set[str](), False)
    if call.name not in _FINDERS | _ASKS or not isinstance(func, ast.Attribute):
        return nothing
    is_changed = route.method in CHANGES
    model = view.value(func.value, call.scope)
    if isinstance(model, Class):
        if not is_changed or call.name not in _FINDERS or not is_mapper(view, model):
            return nothing
        is_account = any(is_password(one) for one in model.attributes) and names_account(route)
        return model.name, _owners(model), is_account
    if call.name not in _ASKS or isinstance(call.value, Bound) or not any(view.naming("insert_one")):
        return nothing
    name = collection(view, func.value, call.scope)
    if is_changed and any(is_password(key) for key in kept(view).get(name, ())):
        return name, set(), call.name in _CHANGING and names_account(route)
    owners = _owned(view).owners.get(name, set())
    if not is_changed:
        owners = {one for one in owners & _owned(view).private.get(name, set()) if not is_author(one)}
    return name, owners, False


def _keys(view: View, call: Called) -> Iterator[ast.expr]:
    """Yield what a row is found by: its key, as `id=…` or `{"_id": …}`, or alone where there is nothing else."""
    yield from (one.value for one in call.node.keywords if one.arg in _KEYS)
    if call.name == "get" and len(call.node.args) == 1 and not isinstance(call.node.args[0], ast.Compare):
        yield call.node.args[0]
    yield from (value for key, value in _filter(view, call) if key in _KEYS)
    for one in call.node.args:
        if isinstance(one, ast.Compare) and isinstance(one.left, ast.Attribute) and one.left.attr in _KEYS:
            yield from one.comparators


def _filter(view: View, call: Called) -> Iterator[tuple[str, ast.expr]]:
    """Yield the keys of a written filter, and what documents have to have there."""
    found = view.constants.written(call.node.args[0], call.scope) if call.node.args else None
    if found is not None and isinstance(found[0], ast.Dict):
        pairs = zip(found[0].keys, found[0].values, strict=True)
        yield from ((str(key.value), value) for key, value in pairs if isinstance(key, ast.Constant))


def _owned(view: View) -> _Owned:
    """Return whose documents are: by what is put there, or asked for, that is of who is calling."""
    known = _OWNED.get(view)
    if known is None:
        known = _OWNED[view] = _Owned({}, {})
        for route in view.routes:
            for call in view.calls(route, "endpoint"):
                if call.name in _ASKS | _MANY | {"insert_one"} and isinstance(call.node.func, ast.Attribute):
                    _note(view, route, call, known, collection(view, call.node.func.value, call.scope))
    return known


def _note(view: View, route: Route, call: Called, known: _Owned, name: str) -> None:
    if not name or any(is_password(key) for key in kept(view).get(name, ())):
        return  # accounts are nobody's but their own
    for key, value in _filter(view, call):
        is_own = any(is_caller(view, route, one) for one in view.origins.of(value, call.scope))
        if not is_own or key in _KEYS or "." in key:  # `likes.user_id` says who liked it
            continue
        if call.name == "insert_one" or is_owner(key) or is_author(key):
            known.owners.setdefault(name, set()).add(key)
        if route.method == "GET":
            known.private.setdefault(name, set()).add(key)


def _owners(model: Class) -> set[str]:
    """Return the fields that say whose a row is, by their names or by what they refer to; none of accounts."""
    if any(is_password(name) for name in model.attributes):
        return set()
    return {name for name, (annotation, value) in model.attributes.items() if _refers(name, annotation, value)}


def _refers(name: str, annotation: ast.expr | None, value: ast.expr | None) -> bool:
    if is_owner(name) or is_author(name):
        return True
    is_link = isinstance(annotation, ast.Subscript) and "Link" in ast.unparse(annotation.value)
    target = ast.unparse(annotation.slice) if is_link and isinstance(annotation, ast.Subscript) else ""
    if isinstance(value, ast.Call) and "ForeignKey" in ast.unparse(value.func) and value.args:
        target = ast.unparse(value.args[0])
    return bool(set(words(target)[-1:]) & PEOPLE)


def _is_looked_at(view: View, route: Route, owners: set[str]) -> bool:
    """Tell whether what runs compares an owner, or asks for the rows of one."""
    wanted = owners | {f"{one}_id" for one in owners} | {f"{one}__id" for one in owners}
    for one in view.reached(route):
        nodes = (*one.function.nodes(ast.Compare), *one.function.nodes(ast.Dict))
        if any(wanted & _names(node) for node in nodes):
            return True
        asked = (site for site in one.function.calls if site.name in _FINDERS)
        if any(option.arg in wanted for site in asked for option in site.node.keywords):
            return True
    return False


def _names(node: ast.AST) -> set[str]:
    keys = node.keys if isinstance(node, ast.Dict) else []
    return set(names_in(node)) | {str(key.value) for key in keys if isinstance(key, ast.Constant)}
