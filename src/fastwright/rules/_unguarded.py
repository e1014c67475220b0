"""Apps in which people sign in, and nothing asks afterwards who is calling."""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.rules._accounts import is_login, takes_token
from fastwright.rules._exposed import tells_of_people
from fastwright.rules._public_paths import has_to_be_open
from fastwright.rules._routes import CHANGES, WRITES, segments
from fastwright.rules._rule import Found, Route, View, on
from fastwright.rules._unproven import is_open
from fastwright.rules._words import words

# What sends a body to be given something.
_READING = frozenset({"get", "list", "read", "fetch", "find", "search", "show", "filter", "export"})


def unguarded(view: View, operations: list[Route]) -> Iterator[Found]:
    """Yield what anybody may change, and who the users are, in an app that has a sign-in and no guard at all."""
    login = next((one for one in operations if is_login(view, one)), None)
    if login is None:
        return
    others = [one for one in operations if not has_to_be_open(view, one)]
    if not all(is_open(view, one) and not takes_token(view, one) for one in others if one.method != "GET"):
        return  # some are asked in a way of the app's own
    changed = {_collection(one) for one in others if one.method in CHANGES}
    for route in others:
        is_write = route.method in WRITES and not _READING & set(words(route.endpoint.name))
        is_left = _collection(route) in changed if is_write else tells_of_people(view, route)
        if is_left and is_open(view, route):
            severity = None if is_write else "medium"
            yield on(route, f"asks for no credentials, although people sign in at {login.name}", severity=severity)


def _collection(route: Route) -> tuple[str, str]:
    """Return what endpoints of one resource share: their file, and the beginning of their paths."""
    steps = [one for one in segments(route.path) if one and not one.startswith("{")]
    return route.endpoint.file or "", "/".join(steps[:1])
