"""What no stranger is to see, whatever stands beside it: who the users are, and panels over all tables."""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.rules._persons import MANY, PEOPLE
from fastwright.rules._routes import segments
from fastwright.rules._rule import Class, Found, Instance, Route, Value, View, at
from fastwright.rules._shown import declared, project
from fastwright.rules._words import words

_CONTACT = frozenset({"email", "mail", "phone", "mobile", "telephone"})
_NAMED = PEOPLE | MANY
# What says no more of a list than that it is one.
_EVERY = frozenset({"all", "get", "list", "read", "fetch", "show", "every"})
_PANELS = ("sqladmin.", "starlette_admin.")
_GUARDS = frozenset({"authentication_backend", "auth_provider", "middlewares"})


def tells_of_people(view: View, route: Route) -> bool:
    """Tell a read that gives the addresses or numbers of people who have accounts, one by one or all of them."""
    steps = [one for one in segments(route.path.rstrip("/")) if not one.startswith("{")]
    if route.method != "GET" or not steps:
        return False
    is_named = bool(_NAMED & set(words(steps[-1])))
    value = declared(view, route)
    # Who wrote something is told with it.
    shown = list(_classes(view, value) if is_named else _named(value))
    if shown:
        fields = {word for one in shown for name in view.fields.of(one) for word in words(name)}
        return bool(_CONTACT & fields) and any(PEOPLE & set(words(one.name)) for one in shown)
    return names_people(steps[-1]) and not route.path.rstrip("/").endswith("}")


def names_people(step: str) -> bool:
    """Tell a step of a path that is for all people there are: `users`, `all_users`, `get-users`."""
    *before, last = words(step) or ("",)
    return last in MANY and _EVERY.issuperset(before)


def lists_people(view: View, route: Route) -> bool:
    """Tell a read that gives the addresses of many people at once."""
    value = declared(view, route)
    last = segments(route.path.rstrip("/"))[-1]
    is_list = names_people(last) or (isinstance(value, Instance) and bool(value.items))
    return is_list and tells_of_people(view, route)


def _classes(view: View, value: Value | None) -> Iterator[Class]:
    """Yield the classes of what an answer is, or has in it: `UserList` is a list of `UserOut`."""
    found = list(_named(value))
    yield from found
    for one in found:
        for field in view.fields.of(one).values():
            yield from _named(view.evaluator.types.annotated(field.annotation, view.scope(field.owner.module)))


def _named(value: Value | None) -> Iterator[Class]:
    """Yield the class of an object, and those of the items of a list."""
    for one in (value, *value.items) if isinstance(value, Instance) else ():
        of = project(one)
        yield from [of] if of is not None else []


def open_panels(view: View) -> Iterator[Found]:
    """Yield an admin panel that is made without anything that asks who is calling."""
    for site, scope in view.sites(view.naming("dmin"), lambda name: name == "Admin"):
        is_panel = view.library(site.node.func, scope).startswith(_PANELS)
        if is_panel and not any(one.arg in _GUARDS or one.arg is None for one in site.node.keywords):
            yield at(site.function or site.module, site.node, "anybody may use this panel: it has no authentication")
