"""Optional, but without a default.

`note: str | None` says that null is allowed, and not that the field may be left out. Since Pydantic 2 only a default
makes a field optional: `note: str | None = None`. A client can send null; the server most likely wanted the default.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.answers import Refused
from fastwright.diagnose.describing import declared
from fastwright.diagnose.proposing import proposed_at
from fastwright.diagnose.request import Request
from fastwright.diagnose.scene import Found, Mend, Scene, shown

RANK = 32


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("missing"):
        if refused.at is None or not _allows_null(refused):
            scene.release(refused)
            continue
        yield scene.found(
            refused,
            expected="null or a value: it has no default",
            why=f"{declared(refused)}: null is allowed, but leaving it out is not, since there is no default",
            fix=f'send null for it; or let {shown(refused)} end in " = None"',
            mend=_with_null(refused) if scene.request.form is None and refused.loc[0] == "body" else None,
            change=proposed_at("set_default", refused.at, default="None"),
        )


def _allows_null(refused: Refused) -> bool:
    return refused.at is not None and "None" in (refused.at.type or "").split(" | ")


def _with_null(refused: Refused) -> Mend:
    def change(request: Request) -> Request:
        return request.set(refused.loc, None)

    return change
