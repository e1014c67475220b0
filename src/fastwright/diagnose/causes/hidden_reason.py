"""A handler of the app hides the reason.

The app has its own handler for `RequestValidationError`, and its answer does not say which value was refused and why:
clients see "invalid request" and nothing else. The reason was read inside of the app, before that handler.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.scene import Found, Scene

RANK = 1


def find(scene: Scene) -> Iterator[Found]:
    raised = next((one for one in scene.answer.exceptions if one.is_validation), None)
    if raised is None or not raised.errors or scene.answer.status is None or scene.answer.status >= 500:
        return
    text = scene.answer.text
    names = {str(one.loc[-1]) for one in raised.errors if one.loc}
    if any(name in text for name in names) or any(one.msg[:30] in text for one in raised.errors):
        return
    yield Found(
        None,
        note=f"the app answers {scene.answer.status} without saying what is wrong (hidden-reason): its own handler for "
        "RequestValidationError leaves that out; let it answer with what exc.errors() says: loc and msg",
    )
