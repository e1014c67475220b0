"""The code of the app refuses the request.

All values are valid, and the endpoint, a dependency or a service raised an `HTTPException` (400, 404, 409, 422 …), or
an error of the app that a handler turns into an answer. What it looks at is in its code.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.causes._code import about_code
from fastwright.diagnose.scene import Found, Scene

RANK = 80


def find(scene: Scene) -> Iterator[Found]:
    culprit = scene.culprit()
    status = scene.answer.status
    if culprit is None or scene.refused or status is None or not 400 <= status < 500:
        return
    raised, frame = culprit
    if frame is None and scene.answer.route is None:
        return
    scene.claim_answer()
    if scene.wants_rows and status != 409:
        yield Found(None, rows=True)
        return
    yield about_code(scene, raised, frame)
