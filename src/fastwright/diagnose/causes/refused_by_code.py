"""The code of the app refuses the request.

All values are valid, and the endpoint, a dependency or a service raised an `HTTPException` (400, 404, 409, 422 …), or
an error of the app that a handler turns into an answer. What it looks at is in its code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from fastwright.diagnose.answers import Raised
from fastwright.diagnose.causes._code import about_code
from fastwright.diagnose.describing import quoted
from fastwright.diagnose.naming import place_in
from fastwright.diagnose.scene import Found, Scene

RANK = 80
_STEPS = {"==": 0, ">=": 0, "<=": 0, ">": 1, "<": -1}


def find(scene: Scene) -> Iterator[Found]:
    culprit = scene.culprit()
    status = scene.answer.status
    if culprit is None or scene.refused or status is None or not 400 <= status < 500:
        return
    raised, frame = culprit
    if frame is None and scene.answer.route is None:
        return
    scene.claim_answer()
    columns = _columns(scene, raised)
    if columns:
        yield Found(
            None, columns=columns, note=f"rows were made with {_told(columns)}: {raised.detail or raised.message}"
        )
        return
    if _is_oneself(scene, raised):
        yield Found(None, other_caller=True, note=f"the caller is none of the rows that were made: {raised.detail}")
        return
    if status == 409 and scene.rows.can_vary():
        yield Found(None, other_rows=True)
        return
    if scene.wants_rows and status != 409:
        yield Found(None, rows=True)
        return
    yield about_code(scene, raised, frame)


def _is_oneself(scene: Scene, raised: Raised) -> bool:
    """Tell whether the row that the request names is that of our own caller: `account.id == admin.id`."""
    if not scene.admitted or scene.rows.other_caller:
        return False
    pairs = [(fact.left, fact.right) for fact in raised.facts if fact.op == "!=" and fact.left_value is not None]
    return any("." in left and "." in right and _column(left) == _column(right) for left, right in pairs)


def _column(name: str) -> str:
    return name.rpartition(".")[2]


def _columns(scene: Scene, raised: Raised) -> dict[str, JsonValue]:
    """Return what a column of the rows that were made has to have for the condition not to hold: `order.state`."""
    if not scene.rows:
        return {}
    found: dict[str, JsonValue] = {}
    for fact in raised.facts:
        name = fact.left if fact.kind == "compare" else fact.subject
        owner, _dot, column = name.rpartition(".")
        is_known = not owner.isidentifier() or not column.isidentifier() or column in scene.rows.columns
        if is_known or fact.left_function or place_in(scene, None, name) is not None:
            continue
        if fact.kind == "truth":
            found[column] = fact.wanted
        elif fact.op in _STEPS and isinstance(fact.right_value, int | float):
            found[column] = fact.right_value + _STEPS[fact.op]
        elif fact.op == "==" and isinstance(fact.right_value, str):
            found[column] = fact.right_value
    return found


def _told(columns: Mapping[str, JsonValue]) -> str:
    return ", ".join(f"{name} = {quoted(value)}" for name, value in columns.items())
