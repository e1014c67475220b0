"""Rows that a request names: loaded by an id that the caller sent, or put below one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.rules._belonging import parents
from fastwright.rules._callers import is_caller
from fastwright.rules._chosen import settings
from fastwright.rules._routes import CHANGES
from fastwright.rules._rule import Called, Class, Origin, Route, Scope, View

_LOADS = frozenset({"get", "get_one"})
FILTERS = frozenset({"where", "filter", "filter_by"})
# What a row is called, where it is changed or deleted by that; a read by a name may only ask whether there is one.
_NAMES = frozenset({"name", "title", "label", "code", "number"})


@dataclass(frozen=True, eq=False)
class Load:
    """A call that gets a row by an id that the caller chose, or rows by that of what they belong to (`by`)."""

    call: Called
    model: Class
    by: str = ""
    # What the caller sent.
    key: tuple[ast.expr, Scope] | None = None


def loads(view: View, route: Route) -> Iterator[Load]:
    """Yield what a request names and gets."""
    for call in view.calls(route):
        if call.name in _LOADS and len(call.node.args) > 1 and view.statements.on_session(call):
            model = view.value(call.node.args[0], call.scope)
            if isinstance(model, Class) and is_named(view, route, call.node.args[1], call.scope):
                yield Load(call, model, key=(call.node.args[1], call.scope))
        elif call.name == "get" and len(call.node.args) == 1 and isinstance(call.node.func, ast.Attribute):
            queries = [one for one in view.statements.steps(call.node.func.value, call.scope) if one.name == "query"]
            models = view.statements.models(call.node.func.value, call.scope) if queries else []
            key = (call.node.args[0], call.scope)
            yield from (Load(call, one, key=key) for one in models[:1] if is_named(view, route, *key))
        elif call.name in FILTERS and isinstance(call.node.func, ast.Attribute):
            changed = view.statements.changed(call)
            if changed:
                yield from _filtered(view, route, call, changed, _NAMES)
                continue
            for model in view.statements.models(call.node.func.value, call.scope):
                yield from _filtered(view, route, call, model)


def made_below(view: View, route: Route) -> Iterator[Load]:
    """Yield the new rows of which the caller chose what they belong to."""
    for call in view.calls(route, "endpoint"):
        for one in settings(view, call):
            above = dict(parents(view, one.model)) if one.model is not None else {}
            if one.model is not None and one.column in above and is_named(view, route, one.value, one.scope):
                yield Load(call, one.model, one.column, (one.value, one.scope))
        for copy in view.copies.of(call) if isinstance(call.value, Class) else ():
            sent = copy.copied.schema is not None and any(_is_sent(view, route, one) for one in copy.copied.origins)
            above = [name for name, _parent in parents(view, copy.model) if name in copy.copied.names]
            yield from (Load(call, copy.model, name) for name in above if sent)


def _filtered(
    view: View, route: Route, call: Called, model: Class, names: frozenset[str] = frozenset()
) -> Iterator[Load]:
    """Yield `where(Order.id == order_id)` and `filter_by(id=order_id)`, and `where(Item.order_id == order_id)`."""
    # What has a name in the address is for everybody to read.
    keys = (_keys(view, model) | names) - ({"slug"} if route.method not in CHANGES else set[str]())
    above = {name for name, _parent in parents(view, model)} - keys
    for name, value, scope in _equalities(view, call, model):
        if name in keys | above and is_named(view, route, value, scope):
            yield Load(call, model, name if name in above else "", (value, scope))


def _equalities(view: View, call: Called, model: Class) -> Iterator[tuple[str, ast.expr, Scope]]:
    """Yield the columns that a row has to have, and what they are held against, whichever side they are on."""
    yield from view.keywords(call)
    for node in (one for argument in call.node.args for one in ast.walk(argument)):
        if isinstance(node, ast.Compare) and len(node.comparators) == 1 and isinstance(node.ops[0], ast.Eq):
            for side, other in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
                if isinstance(side, ast.Attribute) and view.value(side.value, call.scope) in (model, None):
                    yield side.attr, other, call.scope


def _keys(view: View, model: Class) -> set[str]:
    found = {
        name
        for name, field in view.fields.columns(model).items()
        if getattr(field.option("primary_key"), "value", False)
    }
    return found | {"id", "uuid", "slug", "public_id"} & set(view.fields.columns(model)) or {"id"}


def is_named(view: View, route: Route, node: ast.expr, scope: Scope) -> bool:
    """Tell a value that the caller sent, and not one that is theirs."""
    origins = view.origins.of(node, scope)
    chosen = [one for one in origins for root in one.roots if _is_sent(view, route, root)]
    return bool(chosen) and not any(is_caller(view, route, one) for one in origins)


def _is_sent(view: View, route: Route, root: Origin) -> bool:
    if root.kind != "parameter" or root.function is None or not view.fills(route, root.function):
        return False
    sources = {one.name: one.source for one in view.parameters.own(route, root.function)}
    return sources.get(root.name) in ("path", "query", "body", "form")
