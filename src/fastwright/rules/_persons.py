"""Somebody who is looked up in a sign-in: who is a person, and by what they were found."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fastwright.rules._accounts import names_in
from fastwright.rules._rule import Bound, Class, Function, Instance, Reached, View
from fastwright.rules._words import is_password, words

PEOPLE = frozenset(
    {"user", "account", "customer", "member", "person", "player", "employee", "author", "student", "admin"}
)
MANY = frozenset({f"{one}s" for one in PEOPLE} | {"people"})
_KEPT_AS = frozenset({"db", "obj", "row", "record", "data", "model", "doc", "document", "found"})
_LOOKS = frozenset({"where", "filter", "filter_by", "get", "get_one"})
_TYPED = re.compile(r"mail|name|phone|login|handle|number")
CHECKS = frozenset(
    {
        "verify",
        "check",
        "checkpw",
        "compare",
        "authenticate",
        "match",
        "matches",
        "good",
        "valid",
        "validate",
        "correct",
    }
)
# By what people say who they are.
_NAMED = re.compile(r"\b\w*(?:e?mail|login|user_?name|phone|handle|identifier)\b", re.IGNORECASE)


def is_by_proof(view: View, reached: Reached, test: ast.expr) -> bool:
    """Tell somebody who was found by a password or a token, and not by a name alone: both were wrong, or neither."""
    if {"refresh", "update", "save", "delete"} & set(words(reached.function.name)):
        return True
    calls = list(calls_behind(reached.function, test))
    found = (view.value(one.func, reached.scope) for one in calls)
    if any(isinstance(one, Bound) and _checks(one.function) for one in found):
        return True
    given = [name for call in calls for name in names_in(call)]
    return any(is_password(name) or {"token", "claims"} & set(words(name)) for name in given)


def _checks(function: Function) -> bool:
    """Tell a function that gives somebody whose password it has looked at."""
    return any(set(words(site.name)) & CHECKS for site in function.calls)


def is_by_id(view: View, test: ast.expr, reached: Reached) -> bool:
    """Tell somebody who was looked up by an id, which the code had from somewhere, and not by what a caller typed."""
    if reached.depth == 0:
        return False
    bindings = [one for name in names_in(test) for one in reached.function.facts.bindings.get(name, ())]
    steps = [step for one in bindings for step in view.statements.steps(one.value, reached.scope)]
    asked = {name for step in steps if step.name in _LOOKS for name in names_in(step.node)}
    return bool(asked & {"id", "user_id"}) and not any(_TYPED.search(name.lower()) for name in asked)


def calls_behind(function: Function, test: ast.expr) -> Iterator[ast.Call]:
    """Yield the calls that gave what the names in a test stand for."""
    for name in {one.id for one in ast.walk(test) if isinstance(one, ast.Name)}:
        for binding in function.facts.bindings.get(name, ()):
            value = binding.value.value if isinstance(binding.value, ast.Await) else binding.value
            if isinstance(value, ast.Call):
                yield value


def is_person(view: View, node: ast.expr, reached: Reached) -> bool:
    """Tell a person by their model, by a name, or by the password that is read of what was found."""
    value = view.value(node, reached.scope)
    if isinstance(value, Instance) and isinstance(value.of, Class) and view.fields.is_model(value):
        columns = view.fields.columns(value.of)
        return any(is_password(name) for name in columns) or bool(set(words(value.of.name)) & PEOPLE)
    if any(_names_person(words(name)) for name in names_in(node)):
        return True
    if not isinstance(node, ast.Name):
        return False
    return node.id in _with_password(reached.function) or _is_looked_up(node.id, reached.function)


def _names_person(parts: tuple[str, ...]) -> bool:
    """Tell `user`, `db_user` and `user_row`; `user_status` is none."""
    kept = parts[:-1] if parts[-1:] and parts[-1] in _KEPT_AS else parts
    return bool(kept) and kept[-1] in PEOPLE | MANY


def _is_looked_up(name: str, function: Function) -> bool:
    """Tell a variable that is set to what was found by an address or a name: `by_email(data.email)`."""
    values = [one.value for one in function.facts.bindings.get(name, ()) if one.kind == "value"]
    calls = [one.value if isinstance(one, ast.Await) else one for one in values]
    return any(isinstance(one, ast.Call) and _NAMED.search(ast.unparse(one)) for one in calls)


def _with_password(function: Function) -> set[str]:
    """Return the variables of which a password is read: `row["password_hash"]`, `found.hashed_password`."""
    read = [*function.nodes(ast.Attribute), *function.nodes(ast.Subscript)]
    return {
        one.value.id
        for one in read
        if isinstance(one.value, ast.Name) and isinstance(one.ctx, ast.Load) and any(map(is_password, _own_name(one)))
    }


def _own_name(node: ast.Attribute | ast.Subscript) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node.slice, ast.Constant):
        yield str(node.slice.value)
