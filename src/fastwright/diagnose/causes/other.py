"""Another refusal.

The app refused a value, and none of the causes with a page of their own fits. The message of the app is all that is
known; the corrected request has a value that its schema allows.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.describing import declared, kind_of
from fastwright.diagnose.scene import Found, Scene

RANK = 99


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("*"):
        yield scene.found(
            refused,
            expected=kind_of(refused),
            why=f"{declared(refused)}: {refused.msg}",
            fix="send a value that its type allows",
        )
