"""Apps in which nothing asks who is calling: people sign in for nothing, or it is theirs without a sign-in."""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.rules import _touched
from fastwright.rules._accounts import is_login, takes_token
from fastwright.rules._callers import refusing_middleware
from fastwright.rules._exposed import tells_of_people
from fastwright.rules._held_against import lists_all
from fastwright.rules._owed import is_about_people
from fastwright.rules._public_paths import has_to_be_open
from fastwright.rules._routes import CHANGES, WRITES, segments
from fastwright.rules._rule import Class, Found, Route, View, on
from fastwright.rules._unproven import is_open
from fastwright.rules._words import words

# What sends a body to be given something.
_READING = frozenset({"get", "list", "read", "fetch", "find", "search", "show", "filter", "export"})

# With fewer endpoints it is an excerpt, or a service of one thing that something else stands in front of.
_APP = 3
_GRAVEST = ("DELETE", "PUT", "PATCH", "POST", "GET")


def unguarded(view: View, operations: list[Route]) -> Iterator[Found]:
    """Yield what anybody may change, and who the users are, in an app that has a sign-in and no guard at all."""
    login = next((one for one in operations if is_login(view, one)), None)
    others = [one for one in operations if not has_to_be_open(view, one)]
    if login is None:
        yield from _without_sign_in(view, others)
        return
    if not all(is_open(view, one) and not takes_token(view, one) for one in others if one.method != "GET"):
        return  # some are asked in a way of the app's own
    changed = {_collection(one) for one in others if one.method in CHANGES}
    for route in others:
        is_write = _is_write(route)
        is_left = _collection(route) in changed if is_write else _tells(view, route)
        if is_left and is_open(view, route):
            severity = None if is_write else "medium"
            yield on(route, f"asks for no credentials, although people sign in at {login.name}", severity=severity)


def _tells(view: View, route: Route) -> bool:
    """Tell what gives the addresses of people, or all rows there are of what is theirs."""
    is_list = not route.path.rstrip("/").endswith("}")
    return tells_of_people(view, route) or (
        is_list and any(is_about_people(view, one) for one in lists_all(view, route))
    )


def _without_sign_in(view: View, others: list[Route]) -> Iterator[Found]:
    """Yield for each table where it is read and where it is changed first, in an app that keeps something of people."""
    of_app = [one for one in others if one.is_mapped] or others
    of_people = [one for one in of_app if is_about_people(view, _table(view, one))]
    is_asked = refusing_middleware(view) or any(takes_token(view, one) for one in of_app)
    told: set[tuple[Class, bool]] = set()
    for method in _GRAVEST if of_people and len(of_app) >= _APP and not is_asked else ():
        yield from _first_of_tables(view, [one for one in of_app if one.method == method], told)


def _first_of_tables(view: View, routes: list[Route], told: set[tuple[Class, bool]]) -> Iterator[Found]:
    for route in routes:
        table, is_write = _table(view, route), _is_write(route)
        if table is None or (table, is_write) in told or not (is_write or is_about_people(view, table)):
            continue
        told.add((table, is_write))
        does = "changes" if is_write else "tells of"
        message = f"nothing in this app asks who is calling, and this {does} `{table.name}`"
        yield on(route, message, severity=None if is_write else "medium")


def _is_write(route: Route) -> bool:
    return route.method in WRITES and not _READING & set(words(route.endpoint.name))


def _table(view: View, route: Route) -> Class | None:
    """Return the table that an endpoint is about: the one that its path names, if any."""
    steps = (step for step in segments(route.path) if not step.startswith("{"))
    named = {word.removesuffix("s").lower() for step in steps for word in words(step)}
    new = _touched.made(view, route)
    candidates = sorted(new or _touched.read(view, route), key=lambda one: one.name)
    by_name = [one for one in candidates if {word.removesuffix("s") for word in words(one.name)} & named]
    return next(iter(by_name or candidates[:1]), None)


def _collection(route: Route) -> tuple[str, str]:
    """Return what endpoints of one resource share: their file, and the beginning of their paths."""
    steps = [one for one in segments(route.path) if one and not one.startswith("{")]
    return route.endpoint.file or "", "/".join(steps[:1])
