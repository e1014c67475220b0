"""A field that the model does not know.

The model has `extra="forbid"`: what it does not declare is refused instead of ignored. Often it is a misspelt field,
or one that only the server sets, such as `id`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.answers import Loc, Refused
from fastwright.diagnose.describing import declared
from fastwright.diagnose.request import Request
from fastwright.diagnose.scene import Found, Mend, Scene

RANK = 58


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("extra_forbidden", "unexpected_keyword_argument"):
        name = str(refused.loc[-1])
        rivals = [one for one in scene.operation.fields if not one.whole and (one.part, one.alias) == refused.loc]
        if rivals:
            yield _contradiction(scene, refused, name)
            continue
        yield scene.found(
            refused,
            expected=f"no field of this name: {declared(refused)}",
            why=f"{name} is not a field of this model, and the model forbids others",
            fix=f"leave {name} out",
            mend=_without(refused.loc),
        )


def _contradiction(scene: Scene, refused: Refused, name: str) -> Found:
    """Return that the endpoint itself declares what its model of the same part forbids: nothing satisfies both."""
    return scene.found(
        refused,
        expected=f"{name} to be allowed",
        why=f"{declared(refused)}, and a model of the {refused.loc[0]} beside it forbids all fields but its own",
        fix=f"make {name} a field of that model, or let the model ignore others",
        side="server",
        mend=lambda request: request,
    )


def _without(loc: Loc) -> Mend:
    def change(request: Request) -> Request:
        return request.without(loc)

    return change
