"""The answer is not what the endpoint promised.

The request was accepted and the endpoint ran, but what it returned does not fit its `response_model`: a field is
missing, is null, or has another type. FastAPI answers 500 rather than send something else than the documentation
says. That is the server's fault.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.answers import Refused
from fastwright.diagnose.describing import declared, kind_of
from fastwright.diagnose.model import Problem
from fastwright.diagnose.scene import Found, Scene, shown

RANK = 31


def find(scene: Scene) -> Iterator[Found]:
    raised = scene.raised("ResponseValidationError")
    if raised is None or (scene.answer.status or 500) < 500:
        return
    scene.claim_answer()
    name = scene.route.name if scene.route else "the endpoint"
    route = scene.route
    for refused in _first_of_each(raised.errors):
        at = refused.at
        yield Found(
            Problem(
                loc=refused.loc,
                got=refused.input if refused.type != "missing" else None,
                expected=kind_of(refused) if refused.schema_ else refused.msg,
                why=f"{declared(refused)}; {name} returns something else: {refused.msg}",
                fix=f"return a value for {shown(refused)}, or let the response model say what is returned",
                cause="",
                side="server",
                file=at.file if at and at.file else route.place.get("file") if route else None,
                line=at.line if at and at.file else route.place.get("line") if route else None,
                code=at.code if at else "",
            )
        )


def _first_of_each(errors: tuple[Refused, ...]) -> Iterator[Refused]:
    """Yield one refusal a field, however many items of a list have it."""
    seen: set[tuple[object, ...]] = set()
    for one in errors:
        key = tuple("*" if isinstance(part, int) else part for part in one.loc)
        if key not in seen:
            seen.add(key)
            yield one
