"""The server fails.

The request got as far as the code of the app, and that raised an exception which nobody handles: 500. The line that
raised it is where to look; a client can do nothing about it, and should have been refused with a reason if it is at
fault.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.causes._code import located
from fastwright.diagnose.model import Problem
from fastwright.diagnose.scene import Found, Scene

RANK = 90


def find(scene: Scene) -> Iterator[Found]:
    status = scene.answer.status
    if status is not None and status < 500:
        return
    scene.claim_answer()
    if scene.wants_rows:
        yield Found(None, rows=True)
        return
    doubt = _doubt(scene)
    if doubt:
        yield Found(None, note=doubt)
        return
    culprit = scene.culprit()
    raised, frame = culprit or (None, None)
    route = scene.route
    told = f"{raised.kind}: {raised.message}"[:300] if raised else scene.answer.error or "the app gave no answer"
    yield Found(
        Problem(
            loc=located(scene, raised) if raised and raised.facts else ("response",),
            got=None,
            expected="an answer",
            why=(f'"{frame.code}" in {frame.name} ({frame.file}:{frame.line}) raised {told}' if frame else told),
            fix="handle it there, or refuse such a request with a reason (4xx)",
            cause="",
            side="server",
            file=frame.file if frame else route.place.get("file") if route else None,
            line=frame.line if frame else route.place.get("line") if route else None,
            code=frame.code if frame else "",
        )
    )


def _doubt(scene: Scene) -> str:
    """Return why the failure may be due to how the app is run here, or nothing if it is the app's own."""
    if scene.answer.is_fault:
        told = scene.answer.error.strip().partition("\n")[0]
        return f"a row or a caller could not be made here, so the app was not asked: {told}"
    refused = [one["target"] for one in scene.answer.refusals if one["kind"] in ("connect", "process")]
    if refused:
        return f"the endpoint wants to reach {refused[0]}, which is not let happen here: what comes then was not seen"
    culprit = scene.culprit()
    told = f"{culprit[0].kind}: {culprit[0].message}"[:160] if culprit else ""
    if culprit and scene.rows and (scene.without_rows or 500) < 500:
        return f"with the rows that were made here the code raised {told}: its own rows may be others"
    if culprit and scene.admitted and culprit[0].kind in ("AttributeError", "KeyError", "TypeError"):
        return f"the endpoint could not go on with a stand-in for the caller: {told}"
    return ""
