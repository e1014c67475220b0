"""What callers send, and code stores as a whole: by mappers that are asked by their class, and in collections."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.project.source import last_name
from fastwright.rules._collections import collection, is_mapper
from fastwright.rules._rule import Bound, Called, Class, Origin, Scope, View, project_class

_SETS = frozenset({"create", "update", "update_from_dict", "get_or_create", "update_or_create", "set"})
_PUTS = frozenset({"insert_one"})
_CHANGES = frozenset({"update_one", "find_one_and_update", "update_many"})


@dataclass(frozen=True, eq=False)
class Stored:
    """Names that are set together, and the values that the caller sent with them."""

    owner: str
    names: frozenset[str]
    origins: tuple[Origin, ...]
    schema: Class | None = None


def stored(view: View, call: Called) -> Iterator[Stored]:
    """Yield what a call stores of something that was sent: `User.filter(id=id).update(**data.dict())`."""
    for owner, node in _given(view, call):
        found = view.copies.read(node, call.scope)
        if found is not None and found.schema is not None:
            yield Stored(owner, found.names, found.origins, found.schema)
        elif made := _made_from(view, node, call.scope):
            yield Stored(owner, *made)


def _given(view: View, call: Called) -> Iterator[tuple[str, ast.expr]]:
    """Yield what is stored, with the name of the model or the collection."""
    node, func = call.node, call.node.func
    unpacked = [one.value for one in node.keywords if one.arg is None]
    if isinstance(call.value, Class) and is_mapper(view, call.value):
        yield from ((call.value.name, one) for one in unpacked)
    if not isinstance(func, ast.Attribute) or isinstance(call.value, Bound):
        return
    if call.name in _SETS:
        model = _asked(view, func.value, call.scope)
        given = [*unpacked, *(_set(one) for one in node.args[:1])]
        yield from ((model.name, one) for one in given if model is not None)
    elif call.name in _PUTS | _CHANGES:
        given = node.args[:1] if call.name in _PUTS else [_set(one) for one in node.args[1:2]]
        yield from ((collection(view, func.value, call.scope), one) for one in given)


def _asked(view: View, node: ast.expr, scope: Scope) -> Class | None:
    """Return the class of a mapper at the beginning of a chain, or of which an object is changed."""
    while isinstance(node, ast.Call | ast.Await | ast.Attribute):
        model = project_class(view.value(node, scope)) if not isinstance(node, ast.Await) else None
        if model is not None and is_mapper(view, model):
            return model
        node = node.func if isinstance(node, ast.Call) else node.value
    model = project_class(view.value(node, scope))
    return model if model is not None and is_mapper(view, model) else None


def _set(node: ast.expr) -> ast.expr:
    """Return what stands under `$set`, if that is how a change is written."""
    for key, value in zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ():
        if isinstance(key, ast.Constant) and key.value == "$set":
            return value
    return node


def _made_from(view: View, node: ast.expr, scope: Scope) -> tuple[frozenset[str], tuple[Origin, ...]] | None:
    """Return what a schema holds that Tortoise makes of a model: `pydantic_model_creator(User, exclude=("id",))`."""
    dumped = node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None
    if not isinstance(node, ast.Call) or dumped is None or last_name(node.func) not in ("dict", "model_dump"):
        return None
    left = {name for one in node.keywords if one.arg == "exclude" for name in view.constants.texts(one.value, scope)}
    for origin in view.origins.of(dumped, scope):
        annotation = origin.node.annotation if isinstance(origin.node, ast.arg) else None
        made, where = view.constants.written(annotation, origin.scope) or (None, scope)
        if isinstance(made, ast.Call) and last_name(made.func) == "pydantic_model_creator" and made.args:
            model = project_class(view.value(made.args[0], where))
            given = {one.arg: view.constants.texts(one.value, where) for one in made.keywords}
            names = set(model.attributes if model is not None else ()) - set(given.get("exclude", ())) - left
            names &= set(given["include"]) if given.get("include") else names
            return frozenset(names), (origin,)
    return None
