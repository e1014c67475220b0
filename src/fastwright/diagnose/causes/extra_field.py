"""A field that the model does not know.

The model has `extra="forbid"`: what it does not declare is refused instead of ignored. Often it is a misspelt field,
or one that only the server sets, such as `id`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.answers import Loc
from fastwright.diagnose.describing import declared
from fastwright.diagnose.request import Request
from fastwright.diagnose.scene import Found, Mend, Scene

RANK = 58


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("extra_forbidden", "unexpected_keyword_argument"):
        name = str(refused.loc[-1])
        yield scene.found(
            refused,
            expected=f"no field of this name: {declared(refused)}",
            why=f"{name} is not a field of this model, and the model forbids others",
            fix=f"leave {name} out",
            mend=_without(refused.loc),
        )


def _without(loc: Loc) -> Mend:
    def change(request: Request) -> Request:
        return request.without(loc)

    return change
