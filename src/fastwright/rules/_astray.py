"""Rows that are below another one: loaded past the guard of that, or put below one of somebody else."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import arguments
from fastwright.rules._accounts import owner_columns
from fastwright.rules._belonging import parents
from fastwright.rules._callers import callers
from fastwright.rules._chosen import accounts, source
from fastwright.rules._engine.guards import is_guard, refuses
from fastwright.rules._held_against import KEEPING, is_listed, is_private
from fastwright.rules._loading import Load, loads, made_below
from fastwright.rules._owed import PUBLISHED
from fastwright.rules._routes import where_it_counts
from fastwright.rules._rule import Class, Found, Reached, Route, Scope, View
from fastwright.rules._scoped import attributes, is_scoped
from fastwright.rules._words import is_author, words


def past_guard(view: View, route: Route) -> Iterator[Found]:
    """Yield a row that is loaded by an id of its own, where the guard looks at another one in the path.

    `PATCH /teams/{team_id}/boards/{board_id}`: whoever may do so in one team gets at the boards of all of them.
    """
    guards = [
        one.function for one in route.dependencies if is_guard(one, view.evaluator) or one in callers(view, route)
    ]
    asking = [one for one in guards if one is not None and refuses(one)]
    outer = {given.name for one in asking for given in view.parameters.own(route, one) if given.source == "path"}
    for load in loads(view, route) if outer else ():
        columns = {name for name in view.fields.columns(load.model) if words(name) in set(map(words, outer))}
        sent = _sent(view, load)
        is_held = not columns or load.by or not sent or sent & outer or _is_held(view, route, outer, columns)
        if not is_held and (route.method != "GET" or not is_listed(view, load.model)):
            column = min(columns)
            message = f"`{load.model.name}` may be of any `{column}`, and the guard looks at that of the path alone"
            yield where_it_counts(view, route, load.call, message)
            return


def _sent(view: View, load: Load) -> set[str]:
    """Return the names of the parameters by which a row is loaded."""
    origins = view.origins.of(*load.key) if load.key is not None else []
    return {root.name for one in origins for root in one.roots if root.kind == "parameter"}


def _is_held(view: View, route: Route, outer: set[str], columns: set[str]) -> bool:
    """Tell whether anything but the guard asks for what the path names, or may do so out of sight."""
    for reached in view.reached(route, "endpoint"):
        compared = list(reached.function.nodes(ast.Compare))
        if any(columns & attributes(node) for node in compared):
            return True
        sides = [side for node in compared for side in (node.left, *node.comparators)]
        if any(_is_outer(view, side, reached.scope, outer) for side in (*sides, *_handed(view, reached))):
            return True
    return False


def _handed(view: View, reached: Reached) -> Iterator[ast.expr]:
    """Yield what is given to queries, and to what cannot be followed."""
    for call in view.calls_within(reached):
        if call.name in ("filter_by", "get", "get_one") or (call.value is None and call.name not in KEEPING):
            yield from arguments(call.node)


def _is_outer(view: View, node: ast.expr, scope: Scope, outer: set[str]) -> bool:
    return any(root.name in outer for one in view.origins.of(node, scope) for root in one.roots)


def put_below(view: View, route: Route, users: list[Class]) -> Iterator[Found]:
    """Yield a new row that the caller puts below one of somebody else; these are read for their owners alone."""
    for load in made_below(view, route) if route.method == "POST" else ():
        parent = dict(parents(view, load.model))[load.by]
        owners = {one for one in owner_columns(view, parent, users or accounts(view)) if not is_author(one)}
        if not owners or parent in (*users, *accounts(view)) or PUBLISHED & set(words(parent.name)):
            continue
        is_theirs = is_private(view, parent, owners) and not is_listed(view, parent)
        if is_theirs and _is_in_body(view, route, load) and not is_scoped(view, route, parent, owners):
            message = f"`{load.model.name}` is put below any `{parent.name}`, also of somebody else (`{min(owners)}`)"
            yield where_it_counts(view, route, load.call, message)
            return


def _is_in_body(view: View, route: Route, load: Load) -> bool:
    """Tell a row that the body names among others; one that the path names is what is visited, or answered to."""
    origins = view.origins.of(*load.key) if load.key is not None else []
    return load.key is None or any(source(view, route, root) == "body" for one in origins for root in one.roots)
