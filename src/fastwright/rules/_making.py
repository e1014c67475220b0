"""Which calls of an endpoint add a row: to a session, by a statement, or by SQL in text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fastwright.rules._engine.statements import sql_argument
from fastwright.rules._rule import Called, Class, Instance, Route, Site, View

_UPSERTS = frozenset({"on_conflict_do_nothing", "on_conflict_do_update", "merge", "prefix_with"})
# Returns the row only if there was none.
_OR_NOTHING = re.compile(r"\bdo\s+nothing\s+returning\b", re.IGNORECASE)


def made(view: View, route: Route) -> Iterator[tuple[Called, Class | None]]:
    """Yield the calls that add a row in any case, with its model if it is a new object of one."""
    for call in view.calls(route, "endpoint"):
        if call.within.later or call.looped or not all(_is_certain(one) for one in call.sites):
            continue
        if call.name == "add" and call.node.args and view.statements.on_session(call):
            value = view.value(call.node.args[0], call.scope)
            if isinstance(value, Instance) and isinstance(value.of, Class) and value.made and not _is_read(value):
                yield call, value.of
        elif _inserts(view, call):
            yield call, None


def _inserts(view: View, call: Called) -> bool:
    """Tell a statement that adds rows, be it SQL or built in Python; one that may find them there is none."""
    given = sql_argument(call.node)
    for one in view.statements.sql(call.node, call.scope):
        if one.verb == "insert":
            return not one.upserts or bool(_OR_NOTHING.search(view.statements.texts.of(given, call.scope)))
    if given is None or not view.statements.on_session(call):
        return False
    names = {step.name for step in view.statements.steps(given, call.scope)}
    return "insert" in names and not names & _UPSERTS


def _is_certain(site: Site) -> bool:
    """Tell what is done in any case, or else an error is raised."""
    tests = [test for test, _holds in site.around.branches]
    branches = list(site.function.nodes(ast.If)) if site.function else []
    if any(_gives(node.body) for node in branches if node.lineno < site.node.lineno):
        return False  # what is there already is returned
    found = [node for node in branches if node.test in tests]
    return len(found) == len(tests) and all(_raises(node.body) or _raises(node.orelse) for node in found)


def _gives(body: list[ast.stmt]) -> bool:
    """Tell a branch that returns something, and not only that something is wrong."""
    last = body[-1] if body else None
    return isinstance(last, ast.Return) and isinstance(last.value, ast.Name | ast.Attribute | ast.Await)


def _raises(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Raise)


def _is_read(value: Instance) -> bool:
    """Tell an object that came from a query: `session.get(Order, 1)`."""
    func = value.made[0].func if value.made else None
    return isinstance(func, ast.Attribute) and func.attr in ("get", "get_one", "first", "one", "scalar")
