"""Errors of any kind that are answered as a mistake of the caller, those of the database too."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from fastwright.project.source import called
from fastwright.rules._rule import Function, View

_ANSWERS = frozenset({"HTTPException", "JSONResponse", "ORJSONResponse", "Response"})
# Where nobody is let in whatever is wrong, the caller is to know no more.
_REFUSED = (401, 403)
_ENDING = frozenset({"rollback", "close"})


def is_blamed(view: View, where: Function, node: ast.Try, handler: ast.ExceptHandler, said: Iterable[ast.stmt]) -> bool:
    """Tell a handler whose only answer is a status from 400 to 499, around what works with the database.

    `said` is what the handler does besides what tells nobody why.
    """
    statements = list(said)
    answer = _answer(statements[0]) if len(statements) == 1 else None
    if answer is None or any(getattr(one, "id", "") == handler.name for one in ast.walk(answer)):
        return False
    given = [one.value for one in answer.keywords if one.arg == "status_code"]
    given += answer.args[:1] if called(answer) == "HTTPException" else []
    status = next((view.constants.status(one, view.scope(where)) for one in given), None) or 0
    return 400 <= status < 500 and status not in _REFUSED and _works_with_database(view, where, node)


def _answer(node: ast.stmt) -> ast.Call | None:
    """Return the answer that is raised or returned; one that is raised `from` the error tells of it."""
    ended = node.exc if isinstance(node, ast.Raise) else node.value if isinstance(node, ast.Return) else None
    tells = isinstance(node, ast.Raise) and isinstance(node.cause, ast.Name)
    return ended if isinstance(ended, ast.Call) and called(ended) in _ANSWERS and not tells else None


def _works_with_database(view: View, where: Function, node: ast.Try) -> bool:
    inside = {id(one) for statement in node.body for one in ast.walk(statement)}
    return any(
        view.statements.on_session(call) is not None
        for reached in view.follow(where)
        for call in (view.calls_within(reached) if not reached.way or id(reached.way[0].node) in inside else ())
        if call.name not in _ENDING and (reached.way or id(call.node) in inside)
    )
