"""Whether who is calling is held against anything on the way of an endpoint."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from fastwright.project.source import arguments
from fastwright.rules._accounts import password_columns
from fastwright.rules._callers import is_caller
from fastwright.rules._persons import MANY, PEOPLE
from fastwright.rules._rights import is_restricted
from fastwright.rules._routes import segments
from fastwright.rules._rule import Class, Dependency, Reached, Route, Scope, Step, View, project_class
from fastwright.rules._scoped import is_checked_by_call
from fastwright.rules._words import words

_PRIVATE: WeakKeyDictionary[View, frozenset[tuple[Class | None, str]]] = WeakKeyDictionary()
_LISTED: WeakKeyDictionary[View, frozenset[Class]] = WeakKeyDictionary()
# What gives all rows that are asked for, and what asks for some.
_ALL = frozenset({"all", "scalars", "execute", "exec", "fetchall", "paginate"})
_SOME = frozenset({"where", "filter", "filter_by", "get", "get_one"})
_ACCOUNTS = PEOPLE | MANY
# What is an account's own, and no list of things below it: `PATCH /users/{id}/password`.
_PARTS = frozenset({"password", "role", "roles", "email", "profile", "update", "delete", "edit"})
# What is given to these is kept, told or sent, and not asked about.
KEEPING = frozenset({"add", "add_all", "refresh", "delete", "info", "debug", "warning", "error", "print", "append"})


def is_open_account(view: View, route: Route, model: Class, users: list[Class]) -> bool:
    """Tell a change of the account that an address names, and not of what is around it, which nobody holds back."""
    is_one = model in users and bool(password_columns(view, model))
    return is_one and names_account(route) and not meets_caller(view, route)


def names_account(route: Route) -> bool:
    """Tell an address of somebody's account as a whole, or of a part that is its own."""
    steps = segments(route.path.rstrip("/"))
    place = next((place for place, step in enumerate(steps) if step.startswith("{")), len(steps))
    before = {word for step in steps[:place] for word in words(step)}
    is_whole = _PARTS.issuperset(word for step in steps[place + 1 :] for word in words(step))
    return bool(_ACCOUNTS & before) and is_whole


def meets_caller(view: View, route: Route) -> bool:
    """Tell whether anything of who is calling is compared, or handed to what cannot be followed."""
    if is_checked_by_call(view, route) or any(_takes_path(view, route, one) for one in route.dependencies):
        return True
    return any(
        is_caller(view, route, origin)
        for reached in view.reached(route, "endpoint")
        for node in _asked(view, reached)
        for origin in view.origins.of(node, reached.scope)
    )


def _takes_path(view: View, route: Route, one: Dependency) -> bool:
    """Tell a guard that looks at what the path names: whose it is may be its question."""
    function = one.function
    return function is not None and any(given.source == "path" for given in view.parameters.own(route, function))


def _asked(view: View, reached: Reached) -> Iterator[ast.expr]:
    """Yield the sides of comparisons, and what functions are given that are not read; `is None` asks for nobody."""
    for node in reached.function.nodes(ast.Compare):
        sides = (node.left, *node.comparators)
        yield from () if any(isinstance(one, ast.Constant) for one in sides) else sides
    for call in view.calls_within(reached):
        if (call.value is None and call.name not in KEEPING) or call.name == "filter_by":
            yield from arguments(call.node)


def is_private(view: View, model: Class, owners: set[str]) -> bool:
    """Tell whether rows of a model are read for their owner alone: a read of the app holds callers against it."""
    known = _PRIVATE.get(view)
    if known is None:  # it takes all that every read leads to
        known = _PRIVATE[view] = frozenset(_compared(view))
    return any((model, column) in known for column in owners)


def is_listed(view: View, model: Class) -> bool:
    """Tell whether anybody may read all rows of a model, whoever has made them: a catalogue, and not somebody's."""
    known = _LISTED.get(view)
    if known is None:
        known = _LISTED[view] = frozenset(_listed(view))
    return model in known


def _listed(view: View) -> Iterator[Class]:
    """Yield the models of which an endpoint without a role lists all rows."""
    for route in (one for one in view.routes if one.method == "GET" and "{" not in one.path):
        yield from lists_all(view, route) if not is_restricted(view, route) else ()


def lists_all(view: View, route: Route) -> Iterator[Class]:
    """Yield the models of which an endpoint asks for all rows."""
    for call in view.calls(route, "endpoint"):
        steps = view.statements.steps(call.node, call.scope) if call.name in _ALL else []
        if steps and not any(_chooses(one) for one in steps):
            yield from view.statements.models(call.node, call.scope)


def _chooses(step: Step) -> bool:
    """Tell a step that leaves rows out; `filter_by(**filters)` does not where no filters are handed on."""
    if step.name not in _SOME or step.node.args or not step.node.keywords:
        return step.name in _SOME
    rest = (one.value.id for one in step.node.keywords if one.arg is None and isinstance(one.value, ast.Name))
    given = [step.scope.bound[name][0] for name in rest if name in step.scope.bound]
    return len(given) < len(step.node.keywords) or any(not isinstance(one, ast.Dict) or one.keys for one in given)


def _compared(view: View) -> Iterator[tuple[Class | None, str]]:
    """Yield the columns that reads hold against who is calling."""
    for route in (one for one in view.routes if one.method == "GET"):
        for reached in view.reached(route, "endpoint"):
            for of, column, value, scope in equalities(view, reached):
                if any(is_caller(view, route, one) for one in view.origins.of(value, scope)):
                    yield of, column


def equalities(view: View, reached: Reached) -> Iterator[tuple[Class | None, str, ast.expr, Scope]]:
    """Yield what is held against the columns of a row, in a query or after it."""
    for node in reached.function.nodes(ast.Compare):
        for side, other in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
            if isinstance(side, ast.Attribute):
                yield project_class(view.value(side.value, reached.scope)), side.attr, other, reached.scope
    if any(site.name == "filter_by" for site in reached.function.calls):
        for call in (one for one in view.calls_within(reached) if one.name == "filter_by"):
            of = call.node.func.value if isinstance(call.node.func, ast.Attribute) else None
            for model in view.statements.models(of, reached.scope) if of is not None else ():
                yield from ((model, *one) for one in view.keywords(call))
