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


def made(view: View, route: Route) -> Iterator[tuple[Called, Class | None, str]]:
    """Yield the calls that add a row in any case, with its model if it is a new object, and what it is called."""
    for call in view.calls(route, "endpoint"):
        if call.within.later or call.looped or not all(_is_certain(one) for one in call.sites):
            continue
        if call.name == "add" and call.node.args and view.statements.on_session(call):
            value = view.value(call.node.args[0], call.scope)
            if isinstance(value, Instance) and isinstance(value.of, Class) and value.made and not _is_read(value):
                yield call, value.of, value.of.name
        elif (table := _inserted(view, call)) is not None:
            yield call, None, table


def _inserted(view: View, call: Called) -> str | None:
    """Return the table to which a statement adds rows, be it SQL or built in Python; not if it may find them there."""
    given = sql_argument(call.node)
    for one in view.statements.sql(call.node, call.scope):
        if one.verb == "insert":
            finds = one.upserts and not _OR_NOTHING.search(view.statements.texts.of(given, call.scope))
            return None if finds else one.table
    if given is None or not view.statements.on_session(call):
        return None
    steps = view.statements.steps(given, call.scope)
    first = next((ast.unparse(one.node.args[0]) for one in steps if one.name == "insert" and one.node.args), "")
    return first if "insert" in {one.name for one in steps} and not {one.name for one in steps} & _UPSERTS else None


def _is_certain(site: Site) -> bool:
    """Tell what is done in any case, or else an error is raised."""
    tests = [test for test, _holds in site.around.branches]
    branches = list(site.function.nodes(ast.If)) if site.function else []
    found = [node for node in branches if node.test in tests]
    before = [node for node in branches if node not in found and node.lineno < site.node.lineno]
    if any(_gives(node.body) for node in before):
        return False  # what is there already is returned
    return len(found) == len(tests) and all(_refuses(node.body) or _refuses(node.orelse, node.test) for node in found)


def _gives(body: list[ast.stmt]) -> bool:
    """Tell a branch that returns something, and not only that something is wrong."""
    last = body[-1] if body else None
    return isinstance(last, ast.Return) and isinstance(last.value, ast.Name | ast.Attribute | ast.Await)


def _refuses(body: list[ast.stmt], missing: ast.expr | None = None) -> bool:
    """Tell a branch that raises, or returns nothing: a constant, or what was tested and is not there."""
    last = body[-1] if body else None
    value = last.value if isinstance(last, ast.Return) else None
    is_missing = isinstance(value, ast.Name) and isinstance(missing, ast.Name) and value.id == missing.id
    return isinstance(last, ast.Raise) or isinstance(value, ast.Constant) or is_missing


def _is_read(value: Instance) -> bool:
    """Tell an object that came from a query: `session.get(Order, 1)`."""
    func = value.made[0].func if value.made else None
    return isinstance(func, ast.Attribute) and func.attr in ("get", "get_one", "first", "one", "scalar")
