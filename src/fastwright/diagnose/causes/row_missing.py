"""What the request names is not there.

The app looked for a row, or an entry, with a key from the request, and found none: 404. Here, the databases are empty
when a request comes, so the rows that it names are made; if it is accepted then, nothing is wrong with the request
but that key.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.causes._code import about_code
from fastwright.diagnose.scene import Found, Scene

RANK = 9


def find(scene: Scene) -> Iterator[Found]:
    culprit = scene.culprit()
    if scene.answer.status not in (404, 410) or culprit is None or scene.refused or scene.answer.route is None:
        return
    raised, frame = culprit
    scene.claim_answer()
    if scene.wants_rows:
        told = f" ({frame.file}:{frame.line})" if frame else ""
        yield Found(
            None,
            rows=True,
            note="the database is empty here, so the rows that the request names were made; without them the answer is "
            f"{scene.answer.status}: {raised.detail or raised.message}{told}",
        )
        return
    yield about_code(scene, raised, frame, "a key that exists")
