"""Ids that are taken for those of another table: that of an account for that of the student who has it."""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.rules._accounts import foreign_key, owner_columns
from fastwright.rules._belonging import parents
from fastwright.rules._chosen import accounts
from fastwright.rules._held_against import equalities
from fastwright.rules._rule import Class, Found, Origin, Route, View, at, on


def mistaken(view: View, route: Route) -> Iterator[Found]:
    """Yield where `Grade.student_id`, which refers to students, is held against the id of an account.

    Both are numbers, so there is nearly always a row: that of somebody else.
    """
    for reached in view.reached(route, "endpoint") if accounts(view) else ():
        for of, column, value, scope in equalities(view, reached):
            profile = _profile(view, of, column) if of is not None else None
            origins = view.origins.of(value, scope) if profile is not None else []
            given = [inner for one in origins for inner in _followed(view, route, one)]
            if of is None or profile is None or not given or not all(_is_account_id(view, one) for one in given):
                continue
            theirs = given[0].owner.name if given[0].owner is not None else ""
            message = f"`{of.name}.{column}` refers to `{profile.name}`, and is held against the id of a `{theirs}`"
            is_here = scope is reached.scope
            yield at(reached.function, value, message, route=route) if is_here else on(route, message)
            return


def _profile(view: View, model: Class, column: str) -> Class | None:
    """Return what a column refers to by an id of its own, and that refers to an account itself."""
    if not view.fields.is_model(model):
        return None
    parent = next((one for name, one in parents(view, model) if name == column), None)
    if parent is None or parent in accounts(view):
        return None
    field = view.fields.columns(model)[column]
    target = (foreign_key(field.value) or foreign_key(field.annotation)).rpartition(".")[2]
    owners = owner_columns(view, parent, accounts(view))
    keys = [one for name, one in view.fields.columns(parent).items() if name in owners]
    is_shared = any(getattr(one.option("primary_key"), "value", False) for one in keys)
    return parent if owners and target not in owners and not is_shared else None


def _followed(view: View, route: Route, origin: Origin) -> Iterator[Origin]:
    """Yield where a value comes from, also out of a guard that gives no more than an id."""
    depends = [one for one in route.dependencies if one.owner is origin.function and one.parameter == origin.name]
    functions = [one.function for one in depends if one.function is not None] if origin.kind == "parameter" else []
    if not functions:
        yield origin
    for function in functions:
        for node in function.returned:
            yield from view.origins.of(node, view.scope(function))


def _is_account_id(view: View, origin: Origin) -> bool:
    if origin.kind != "field" or origin.owner is None or origin.owner not in accounts(view):
        return False
    field = view.fields.columns(origin.owner).get(origin.name)
    return field is not None and getattr(field.option("primary_key"), "value", False) is True
