"""Rows of mappers that are asked by their class, such as Tortoise and Beanie: what a request names and changes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.rules._accounts import PEOPLE, names_in
from fastwright.rules._held_against import meets_caller
from fastwright.rules._loading import is_named
from fastwright.rules._routes import CHANGES, where_it_counts
from fastwright.rules._rule import Called, Class, Found, Route, View
from fastwright.rules._scoped import is_checked_by_call
from fastwright.rules._words import is_author, is_owner, is_password, words

_MAPPERS = ("tortoise.", "beanie.", "ormar.", "odmantic.")
_FINDERS = frozenset({"get", "get_or_none", "filter", "find_one", "get_one"})
_KEYS = frozenset({"id", "pk", "uuid"})


def unowned(view: View, route: Route) -> Iterator[Found]:
    """Yield the first row of somebody that an endpoint changes for whoever is signed in."""
    if route.method not in CHANGES or meets_caller(view, route) or is_checked_by_call(view, route):
        return
    for call in view.calls(route, "endpoint"):
        model = _asked(view, call) if call.name in _FINDERS else None
        if model is None or not any(is_named(view, route, one, call.scope) for one in _keys(call)):
            continue
        owners = _owners(model)
        if owners and not _is_looked_at(view, route, owners):
            message = f"`{model.name}` is somebody's (`{min(owners)}`), and is loaded for any caller"
            yield where_it_counts(view, route, call, message)
            return


def _asked(view: View, call: Called) -> Class | None:
    """Return the model of a mapper that is asked by its class: `Order.get(id=order_id)`."""
    owner = view.value(call.node.func.value, call.scope) if isinstance(call.node.func, ast.Attribute) else None
    if not isinstance(owner, Class):
        return None
    return owner if view.evaluator.classes.inherits(owner, lambda path: path.startswith(_MAPPERS)) else None


def _keys(call: Called) -> Iterator[ast.expr]:
    """Yield what a row is found by: its key, as `id=…`, or alone where there is nothing else."""
    yield from (one.value for one in call.node.keywords if one.arg in _KEYS)
    if call.name == "get" and len(call.node.args) == 1 and not isinstance(call.node.args[0], ast.Compare):
        yield call.node.args[0]
    for one in call.node.args:
        if isinstance(one, ast.Compare) and isinstance(one.left, ast.Attribute) and one.left.attr in _KEYS:
            yield from one.comparators


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
