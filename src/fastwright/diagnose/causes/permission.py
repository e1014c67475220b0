"""The caller may not do that.

The app knows the caller, and refuses what the caller wants: a role or a scope is missing, or it is somebody else's.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.causes._callers import wanted
from fastwright.diagnose.model import Problem
from fastwright.diagnose.scene import Found, Scene

RANK = 8


def find(scene: Scene) -> Iterator[Found]:
    if scene.answer.status != 403 or scene.refused:
        return
    culprit = scene.culprit()
    raised, frame = culprit or (None, None)
    need = wanted(scene)
    scene.claim_answer()
    if scene.admitted:
        yield Found(None, rows=True, note="a stand-in for the caller was refused for what it may do")
        return
    detail = raised.detail if raised and raised.detail else scene.answer.text[:120]
    name = frame.name if frame else need.guard if need else "a middleware"
    yield Found(
        Problem(
            loc=need.loc if need else ("header", "authorization"),
            got=need.shown_given if need else None,
            expected="a caller who may do this",
            why=f"{name}" + (f' raised "{frame.code}" ({frame.file}:{frame.line})' if frame else "") + f": {detail}",
            fix="call it as somebody with the role or the right that it wants",
            cause="",
            file=frame.file if frame else None,
            line=frame.line if frame else None,
            code=frame.code if frame else "",
        ),
        admit=True,
    )
