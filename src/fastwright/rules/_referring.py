"""Rows that refer to others: by what a caller sends and nobody looks up; and those that others cannot be without."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from fastwright.project.source import arguments, last_name
from fastwright.rules._accounts import names_in
from fastwright.rules._belonging import parents
from fastwright.rules._chosen import source
from fastwright.rules._engine.statements import sql_argument
from fastwright.rules._rule import Called, Class, Field, Function, Instance, Reached, Route, Scope, View
from fastwright.rules._uniqueness import primary_columns
from fastwright.rules._words import words

_CHILDREN: WeakKeyDictionary[View, dict[int, list[tuple[Class, bool]]]] = WeakKeyDictionary()
_SENT = ("body", "form", "query", "path")
# Servers that hold rows to what they refer to; SQLite does so only when it is told.
_HOLDING = ("postgres", "psycopg", "asyncpg", "mysql", "mariadb", "mssql", "oracle", "foreign_keys")
_LOOKS = frozenset({"get", "find", "check", "exist", "exists", "fetch", "read", "load", "by", "require", "lookup"})
_LOOKS_TOO = frozenset({"validate", "ensure", "verify", "assert", "resolve"})


@dataclass(frozen=True, eq=False)
class Dangling:
    """A column that is set to what a caller sent, which may be the key of no row of `parent`."""

    line: int
    reached: Reached
    name: str
    parent: Class


def holds_references(view: View) -> bool:
    """Tell an app whose models refer to each other, and whose database refuses what refers to nothing."""
    refers = any(view.naming("ForeignKey", "foreign_key"))
    return refers and (any(view.naming(*_HOLDING)) or not any(view.naming("sqlite")))


def dangling(view: View, route: Route, calls: list[Called]) -> Iterator[Dangling]:
    """Yield what a caller makes a row refer to, where nobody has looked whether that is there."""
    for call in calls:
        model = call.value if isinstance(call.value, Class) and view.fields.is_model(call.value) else None
        known = dict(parents(view, model)) if model is not None else {}
        for name, value, scope in view.keywords(call) if known else ():
            if name in known and _is_sent(view, route, value, scope):
                yield Dangling(call.node.lineno, call.within, name, known[name])
        if known or call.name in ("setattr", "sqlmodel_update", "model_validate"):
            yield from _copied(view, call)
    for reached in view.reached(route, "endpoint"):
        for node in reached.function.nodes(ast.Assign):
            for target in node.targets:
                yield from _assigned(view, route, reached, target, node.value)


def _copied(view: View, call: Called) -> Iterator[Dangling]:
    """Yield what a row is given with all of a schema: `Booking(**body.model_dump())`."""
    for copy in view.copies.of(call):
        known = dict(parents(view, copy.model))
        for name in sorted(copy.copied.names & known.keys()) if copy.copied.schema is not None else ():
            yield Dangling(call.node.lineno, call.within, name, known[name])


def _assigned(view: View, route: Route, reached: Reached, target: ast.expr, value: ast.expr) -> Iterator[Dangling]:
    """Yield `booking.room_id = body.room_id`."""
    row = view.value(target.value, reached.scope) if isinstance(target, ast.Attribute) else None
    if not isinstance(target, ast.Attribute) or not isinstance(row, Instance) or not isinstance(row.of, Class):
        return
    parent = dict(parents(view, row.of)).get(target.attr) if view.fields.is_model(row.of) else None
    if parent is not None and _is_sent(view, route, value, reached.scope):
        yield Dangling(target.lineno, reached, target.attr, parent)


def _is_sent(view: View, route: Route, node: ast.expr, scope: Scope) -> bool:
    """Tell what a caller sent; a column of a row of ours is none, by whatever it was found."""
    origins = view.origins.of(node, scope)
    if any(one.kind == "field" and one.owner is not None and view.fields.is_model(one.owner) for one in origins):
        return False
    return any(source(view, route, root) in _SENT for one in origins for root in one.roots)


def is_looked_up(view: View, route: Route, one: Dangling) -> bool:
    """Tell a reference of which the code knows more: the other model is named on the way, or a look-up is given it."""
    given = (part for call in view.calls(route) if _is_look_up(call) for part in arguments(call.node))
    return (
        is_named(view, route, one.parent)
        or any(last_name(part) == one.name for part in given)
        or any(_is_demanded(reached.function, one.name) for reached in view.reached(route))
    )


def is_named(view: View, route: Route, model: Class) -> bool:
    """Tell whether what runs for an endpoint names a model: it looks for its rows, or takes care of them."""
    return any(_names(reached.function, model) for reached in view.reached(route))


def _names(function: Function, model: Class) -> bool:
    imports = function.module.imports
    named = {model.name, *(one for one, (_module, name) in imports.items() if name == model.name)}
    return any(one.id in named for one in function.nodes(ast.Name)) or any(
        one.attr == model.name for one in function.nodes(ast.Attribute)
    )


def _is_demanded(function: Function, name: str) -> bool:
    """Tell a row that has to be there and refers to the same: `if not price: raise`, which was found by its column."""
    refused = {one for node in function.nodes(ast.If) if _raises(node) for one in _missing(node.test)}
    return any(
        name in names_in(compared)
        for row in refused
        for binding in function.facts.bindings.get(row, ())
        for compared in ast.walk(binding.value)
        if isinstance(compared, ast.Compare)
    )


def _raises(node: ast.If) -> bool:
    return any(isinstance(one, ast.Raise) for one in node.body)


def _missing(test: ast.expr) -> Iterator[str]:
    """Yield what is not there by a condition: `not row`, `row is None`."""
    node = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else None
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is):
        node = test.left
    if isinstance(node, ast.Name):
        yield node.id


def _is_look_up(call: Called) -> bool:
    return bool((_LOOKS | _LOOKS_TOO) & set(words(call.name)))


def needed(view: View, route: Route, call: Called) -> tuple[Class, Class] | None:
    """Return the model of a row that a call deletes, and one whose rows cannot be without it and stay.

    What may be null the ORM empties where it knows of a relation; a statement that deletes leaves it as it is.
    """
    for model in _deleted(view, call):
        is_row = call.name == "delete" and bool(call.node.args)
        for child, is_bound in _children(view).get(id(model), ()):
            texts = _related(view, model, child)
            goes_along = is_row and any("cascade" in text or "passive_deletes" in text for text in texts)
            stays = is_bound or not (is_row and texts)
            if stays and not goes_along and not is_named(view, route, child):
                return model, child
    return None


def _deleted(view: View, call: Called) -> Iterator[Class]:
    """Yield the model of `session.delete(room)`, `execute(delete(Room))` and `query(Room).delete()`."""
    if call.name == "delete" and call.node.args and view.statements.on_session(call):
        value = view.value(call.node.args[0], call.scope)
        if isinstance(value, Instance) and isinstance(value.of, Class):
            yield value.of
        elif value is None:
            yield from view.statements.models(call.node.args[0], call.scope)[:1]
    elif call.name == "delete" and not call.node.args and isinstance(call.node.func, ast.Attribute):
        yield from view.statements.models(call.node.func.value, call.scope)[:1]
    elif call.name in ("execute", "exec") and view.statements.on_session(call):
        for step in view.statements.steps(sql_argument(call.node), call.scope):
            model = view.value(step.node.args[0], step.scope) if step.name == "delete" and step.node.args else None
            if isinstance(model, Class):
                yield model


def _children(view: View) -> dict[int, list[tuple[Class, bool]]]:
    """Return the models that refer to another one, and whether their rows cannot be without it, by that other one."""
    known = _CHILDREN.get(view)
    if known is None:
        known = _CHILDREN[view] = {}
        for model in (one for module in view.naming("ForeignKey", "foreign_key") for one in module.classes):
            for name, parent in parents(view, model) if view.fields.is_model(model) else ():
                field = view.fields.columns(model)[name]
                if "ondelete" not in _written(field):
                    known.setdefault(id(parent), []).append((model, _is_bound(view, model, field)))
    return known


def _written(field: Field) -> str:
    return " ".join(ast.unparse(one) for one in (field.value, field.annotation) if one is not None)


def _is_bound(view: View, model: Class, field: Field) -> bool:
    """Tell a column that is not null."""
    nullable = field.option("nullable")
    if nullable is not None:
        return view.constants.of(nullable, view.scope(model.module)) is False
    written = _written(field)
    is_typed = field.annotation is not None and "None" not in written and "Optional" not in written
    return is_typed or field.name in primary_columns(view, model)


def _related(view: View, model: Class, child: Class) -> list[str]:
    """Return how the relations between two models are written."""
    return [
        f"{ast.unparse(one.value)} {ast.unparse(one.annotation) if one.annotation else ''}"
        for owner, other in ((model, child), (child, model))
        for one in view.fields.relations(owner).values()
        if one.value is not None and other.name in one.written_type + ast.unparse(one.value)
    ]
