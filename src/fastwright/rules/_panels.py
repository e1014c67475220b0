"""Who gets into admin panels: the sign-ins that sqladmin and starlette-admin ask for."""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.rules._accounts import checks_password, compared_passwords, names_in
from fastwright.rules._chosen import accounts
from fastwright.rules._persons import PEOPLE
from fastwright.rules._rule import Called, Class, Found, Function, Reached, View, at
from fastwright.rules._words import words

_BACKENDS = ("AuthenticationBackend", "AuthProvider")
_PACKAGES = ("sqladmin.", "starlette_admin.")
# What a guard asks for that not everybody who signs in has.
_RIGHTS = frozenset(
    {"admin", "superuser", "superadmin", "staff", "role", "roles", "permission", "permissions", "manager", "owner"}
)


def sign_ins(view: View) -> Iterator[Function]:
    """Yield the functions that let people into a panel by a password."""
    for backend in _backends(view):
        login = backend.methods.get("login")
        if login is not None and any(_checks(view, one) for one in view.follow(login)):
            yield login


def for_anybody(view: View) -> Iterator[Found]:
    """Yield a panel that lets in whoever has an account: neither its sign-in nor its check asks for a right."""
    for backend in _backends(view):
        login, check = backend.methods.get("login"), backend.methods.get("authenticate")
        check = check or backend.methods.get("is_authenticated")
        if login is None or check is None:
            continue
        reached = [*view.follow(login), *view.follow(check)]
        calls = [call for one in view.follow(login) for call in view.calls_within(one)]
        if any(_is_account(view, call) for call in calls) and not any(_asks_right(one.function) for one in reached):
            yield at(check, check.node, "whoever has an account gets into this panel: nothing asks for a right")


def _backends(view: View) -> Iterator[Class]:
    for module in view.naming(*_BACKENDS):
        for one in module.classes:
            if view.evaluator.classes.inherits(
                one, lambda path: path.startswith(_PACKAGES) and path.endswith(_BACKENDS)
            ):
                yield one


def _checks(view: View, reached: Reached) -> bool:
    calls = view.calls_within(reached)
    return any(checks_password(call) for call in calls) or any(compared_passwords(reached.function))


def _is_account(view: View, call: Called) -> bool:
    """Tell where somebody who signs in is looked up."""
    asked = [view.value(one, call.scope) for one in call.node.args] if call.name in ("select", "query", "get") else []
    return any(one in accounts(view) for one in asked) or (
        checks_password(call) and bool({name for arg in call.node.args for name in names_in(arg)} & PEOPLE)
    )


def _asks_right(function: Function) -> bool:
    return any(_RIGHTS & set(words(name)) for one in function.node.body for name in names_in(one))
