"""Paths and the order of endpoints."""

from __future__ import annotations

import ast
from collections import Counter
from weakref import WeakKeyDictionary

from fastwright.rules._accounts import names_in
from fastwright.rules._rule import Called, Found, Route, View, at, on

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# What changes the row that is named; a POST below it, such as a like, changes something else.
CHANGES = WRITES - {"POST"}
_USERS: WeakKeyDictionary[View, Counter[int]] = WeakKeyDictionary()


def segments(path: str) -> list[str]:
    """Return the steps of a path; a slash at the end makes one more, which is empty."""
    return path.removeprefix("/").split("/")


def is_first(view: View, one: Route, other: Route) -> bool:
    """Tell whether an endpoint is known to be registered before another.

    The map of the running app is in that order. Without it, the order is that of one router in one file, or that in
    which their routers are included in another one.
    """
    if view.project is not None and not view.project.app.static:
        return view.routes.index(one) < view.routes.index(other)
    if registered_at(one) is not None and registered_at(one) == registered_at(other):
        return _place(one) < _place(other)
    return any(
        mine[:2] == theirs[:2] and mine[2] < theirs[2]
        for mine in view.depending.attachments(one)
        for theirs in view.depending.attachments(other)
    )


def are_of_one_app(view: View, one: Route, other: Route) -> bool:
    """Tell whether two endpoints are of the same app; of several apps in one tree, only files tell."""
    if registered_at(one) != registered_at(other) and (_is_hidden(view, one) or _is_hidden(view, other)):
        return False
    return view.project is not None or is_first(view, one, other) or is_first(view, other, one)


def _is_hidden(view: View, route: Route) -> bool:
    """Tell whether the prefix of a router may be among options that are unpacked: `APIRouter(**options)`."""
    if view.project is not None and not view.project.app.static:
        return False
    made = None
    if route.decorator is not None and isinstance(route.decorator.func, ast.Attribute) and route.registered is not None:
        made = view.depending.router(route.decorator.func.value, view.scope(route.registered))
    return made is not None and any(one.arg is None for one in made.keywords)


def registered_at(route: Route) -> tuple[int, int, str] | None:
    """Return what an endpoint is registered at: the router in a function of a file."""
    if route.decorator is None or route.function is None:
        return None
    return id(route.module), id(route.function.outer), ast.unparse(route.decorator.func).rpartition(".")[0]


def _place(route: Route) -> tuple[int, int]:
    """Return where an endpoint is registered: of several decorators on a function, the lowest one comes first."""
    line = route.function.node.lineno if route.function else 0
    decorator = route.decorator.lineno if route.decorator else 0
    return line, -decorator


def where_it_counts(view: View, route: Route, call: Called, message: str) -> Found:
    """Return where one acts: in the endpoint, if others share what a call is in, or that is for any model."""
    way = call.within.way
    if call.within.root == "dependency":
        return on(route, message)
    named = {name for one in call.node.args for name in names_in(one)}
    is_general = call.within.function.is_bound and bool(named & {"model", "_model"})
    if way and way[0].function is not None and (is_general or _users(view)[id(call.within.function)] > 1):
        return at(way[0].function, way[0].node, message, route=route)
    return at(call.within.function, call.node, message, route=route)


def _users(view: View) -> Counter[int]:
    """Return for each function how many endpoints lead to it."""
    known = _USERS.get(view)
    if known is None:
        reached = (one for route in view.routes for one in {id(one.function) for one in view.reached(route)})
        known = _USERS[view] = Counter(reached)
    return known
