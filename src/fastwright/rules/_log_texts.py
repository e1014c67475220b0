"""What a log line says of itself, and what objects say of themselves when they are logged."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from fastwright.rules._collections import shown
from fastwright.rules._rule import Class, Function, Scope, View
from fastwright.rules._words import is_password, words

_LABEL = re.compile(
    r"\b(?:password|passwd|password[ _]hash|otp|passphrase)\s*(?:is|[:=])\s*(?:%s|%r|\{\}|['\"])?\s*$", re.IGNORECASE
)
_LINK = re.compile(r"\b(?:reset|activation|verification|magic|recovery)[\w ]*\b(?:link|url)\b", re.IGNORECASE)
_LINKS = frozenset({"link", "url"})
# What stands after such words, and is none: who it was, and what went wrong.
_NONE = frozenset(
    {"user", "username", "email", "name", "id", "e", "exc", "err", "error", "ex", "exception", "status", "reason"}
    | {"length", "len", "count", "strength", "ok", "valid", "result"}
)


def labelled(node: ast.Call) -> Iterator[str]:
    """Yield a variable that stands behind the word for what it is: `print("password:", typed)`."""
    for before, value in _pairs(node.args):
        name = value.id if isinstance(value, ast.Name) else ""
        if name and _LABEL.search(before) and not set(words(name)) & _NONE:
            yield name
    parts = _parts(node.args)
    texts = [one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    values = [one.value if isinstance(one, ast.FormattedValue) else one for one in parts]
    if any(_LINK.search(text) for text in texts):
        yield from (one.id for one in values if isinstance(one, ast.Name) and set(words(one.id)) & _LINKS)


def _parts(given: list[ast.expr]) -> list[ast.expr]:
    """Return what is written one after the other, f-strings in their parts."""
    return [part for one in given for part in (one.values if isinstance(one, ast.JoinedStr) else [one])]


def _pairs(given: list[ast.expr]) -> Iterator[tuple[str, ast.expr]]:
    """Yield each value with the text that is written right before it."""
    for before, value in pairwise(_parts(given)):
        if isinstance(before, ast.Constant) and isinstance(before.value, str):
            yield before.value, value.value if isinstance(value, ast.FormattedValue) else value


def found(view: View, node: ast.expr, scope: Scope) -> Iterator[str]:
    """Yield the password in a document that was looked up, and is logged as it is."""
    function = scope.function
    for one in function.facts.bindings.get(node.id, ()) if function is not None and isinstance(node, ast.Name) else ():
        call = one.value.value if isinstance(one.value, ast.Await) else one.value
        if isinstance(call, ast.Call) and one.kind == "value":
            yield from (key for _of, key in shown(view, call, scope, as_is=True) if is_password(key))


def told_by_itself(owner: Class) -> Iterator[tuple[Function, ast.expr, str]]:
    """Yield where an object says its own password when it is shown: `__repr__` with `{self.password}` in it."""
    for method in (owner.methods.get("__repr__"), owner.methods.get("__str__")):
        for text in method.returned if method is not None else ():
            put = [one for one in ast.walk(text) if isinstance(one, ast.FormattedValue)]
            for one in (part.value for part in put):
                is_own = isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == "self"
                if method is not None and is_own and isinstance(one, ast.Attribute) and is_password(one.attr):
                    yield method, text, one.attr


def is_piece(name: str, scope: Scope) -> bool:
    """Tell the variable of a loop over a text that was split: such a token is a word."""
    bindings = scope.function.facts.bindings.get(name, ()) if scope.function else ()
    values = [one.value for one in bindings]
    raw = [one.id for value in values for one in ast.walk(value) if isinstance(one, ast.Name) and scope.function]
    values += [one.value for name in raw if scope.function for one in scope.function.facts.bindings.get(name, ())]
    return any(isinstance(inner, ast.Attribute) and inner.attr == "split" for one in values for inner in ast.walk(one))
