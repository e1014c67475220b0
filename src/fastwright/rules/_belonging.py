"""Whose a row is: by a column of its own, or by way of the row that it belongs to, such as the order of an item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from fastwright.rules._accounts import foreign_key, owner_columns, table_names
from fastwright.rules._rule import Class, View
from fastwright.rules._words import is_author, words

_PARENTS: WeakKeyDictionary[View, dict[int, list[tuple[str, Class]]]] = WeakKeyDictionary()
_HELD: WeakKeyDictionary[View, dict[tuple[int, ...], Held | None]] = WeakKeyDictionary()
_TABLES: WeakKeyDictionary[View, dict[str, Class]] = WeakKeyDictionary()
# An answer of a question of a quiz of a course.
_STEPS = 3


@dataclass(frozen=True)
class Held:
    """A model, and its columns that say whose a row of it is; `by` leads to it from what belongs to it."""

    model: Class
    owners: frozenset[str]
    by: str = ""


def held(view: View, model: Class, users: list[Class]) -> Held | None:
    """Return what says whose a row is: the model itself, or else the nearest one that it refers to; nothing if none."""
    known = _HELD.setdefault(view, {})
    key = (id(model), *map(id, users))
    if key not in known:
        own = owner_columns(view, model, users)
        known[key] = Held(model, frozenset(own)) if own else next(_above(view, model, users, _STEPS), None)
    return known[key]


def of_role(view: View, model: Class, roles: set[str], users: list[Class]) -> set[str]:
    """Return the columns that say to which of those with a role a row belongs: `doctor_id`, where doctors are users.

    A row may also be the one that is kept of them: what doctors are apart from users.
    """
    found = {by for by, parent in parents(view, model) if roles & set(words(by)) and owner_columns(view, parent, users)}
    return found | (owner_columns(view, model, users) if roles.issuperset(words(model.name)) else set[str]())


def _above(view: View, model: Class, users: list[Class], steps: int) -> Iterator[Held]:
    found = parents(view, model)
    for by, parent in found:
        owners = {one for one in owner_columns(view, parent, users) if not is_author(one)}
        if owners and parent not in users:
            yield Held(parent, frozenset(owners), by)
    for by, parent in found if steps > 1 else ():
        if parent is not model and not owner_columns(view, parent, users):
            yield from (Held(one.model, one.owners, by) for one in _above(view, parent, users, steps - 1))


def parents(view: View, model: Class) -> list[tuple[str, Class]]:
    """Return the models to which a model refers, each with the column that does."""
    known = _PARENTS.setdefault(view, {})
    if id(model) not in known:
        known[id(model)] = list(_parents(view, model))
    return known[id(model)]


def _parents(view: View, model: Class) -> Iterator[tuple[str, Class]]:
    for name, field in view.fields.columns(model).items():
        target = foreign_key(field.value) or foreign_key(field.annotation)
        table = target.split(".")[-2] if "." in target else target
        parent = by_table(view).get(table)
        if parent is not None and parent is not model:
            yield name, parent


def by_table(view: View) -> dict[str, Class]:
    """Return the models by the names of their tables."""
    known = _TABLES.get(view)
    if known is None:
        models = (one for module in view.modules for one in module.classes if view.fields.is_model(one))
        known = _TABLES[view] = {name: one for one in models for name in table_names(one)}
    return known
