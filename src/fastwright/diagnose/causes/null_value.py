"""null where a value is wanted.

A field with a default may be left out, but that does not make `null` a value of it: only `X | None` allows null.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.answers import Refused
from fastwright.diagnose.describing import declared, kind_of
from fastwright.diagnose.request import Request
from fastwright.diagnose.scene import Found, Mend, Scene

RANK = 40


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("*"):
        if refused.type == "missing" or scene.value(refused.loc) is not None:
            scene.release(refused)
            continue
        required = refused.at is None or refused.at.required
        yield scene.found(
            refused,
            expected=kind_of(refused),
            why=f"{declared(refused)}, which does not allow null",
            fix="send a value" if required else "leave it out, or send a value",
            mend=None if required else _left_out(refused),
        )


def _left_out(refused: Refused) -> Mend:
    def change(request: Request) -> Request:
        return request.without(refused.loc)

    return change
