"""Sign-ins that take for granted that somebody was found."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.rules._persons import CHECKS
from fastwright.rules._rule import Found, Reached, Route, View, at
from fastwright.rules._words import is_password, words

# What gives nothing where there is no such row; and what raises.
_PERHAPS = frozenset(
    {"first", "one_or_none", "scalar_one_or_none", "scalar", "fetchone", "fetch_one", "fetchrow", "find_one"}
    | {"get_or_none"}
)
_SURELY = frozenset({"one", "scalar_one", "get_one", "first_or_404", "get_or_404"})


def fails_for_unknown(view: View, reached: Reached, route: Route | None) -> Iterator[Found]:
    """Yield a check of the password of somebody who may not be there: that is an error of the server."""
    for site in reached.function.calls:
        if not set(words(site.name)) & CHECKS:
            continue
        for one in site.node.args:
            row = one.value if isinstance(one, ast.Attribute) and is_password(one.attr) else None
            if isinstance(row, ast.Name) and _may_be_nobody(view, reached, row):
                message = "whoever has no account gets an error of the server here, and who has one is refused"
                yield at(reached.function, site.node, message, route=route)


def _may_be_nobody(view: View, reached: Reached, row: ast.Name) -> bool:
    """Tell what was looked up, and is used as if it had been found: it is not looked at before."""
    function = reached.function
    looked = [one.value for one in function.facts.bindings.get(row.id, ()) if one.kind == "value"]
    names = {step.name for one in looked for step in view.statements.steps(one, reached.scope)}
    if not names & _PERHAPS or names & _SURELY:
        return False
    read = {id(one.value) for one in function.nodes(ast.Attribute)}
    others = [one for one in function.nodes(ast.Name) if one.id == row.id and isinstance(one.ctx, ast.Load)]
    return not any(id(one) not in read and one.lineno <= row.lineno for one in others)
