"""A parameter of the query was sent in the body.

A parameter that is a plain type (`str`, `int`, …) and not in the path is read from the query: `?name=value`. To take
it from the body, the server needs a model, or `Body()`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose import values
from fastwright.diagnose.answers import At, Loc, Refused
from fastwright.diagnose.describing import declared
from fastwright.diagnose.request import Request
from fastwright.diagnose.scene import Found, Mend, Scene

RANK = 26


def find(scene: Scene) -> Iterator[Found]:
    is_left = not scene.operation.of("body")
    for refused in scene.claim("missing"):
        there: Loc = ("body", *refused.loc[1:])
        if refused.loc[0] != "query" or isinstance(scene.value(there), values.Missing):
            scene.release(refused)
            continue
        yield scene.found(
            refused,
            expected=f"{refused.loc[-1]} in the query",
            why=f"{declared(refused)}; a plain type is read from the query, and it was sent in the body",
            fix=f"send ?{refused.loc[-1]}=…; or, if all callers send a body, declare it as {_declared(refused)}",
            mend=_moved(there, refused.loc, drop_body=is_left),
        )


def _declared(refused: Refused) -> str:
    """Return the edit of the app. It is not made: who sends it in the query today would be refused."""
    at = refused.at or At(name=str(refused.loc[-1]))
    return f"{at.name}: Annotated[{at.type or '…'}, Body(embed=True)]"


def _moved(there: Loc, here: Loc, *, drop_body: bool) -> Mend:
    def change(request: Request) -> Request:
        value = request.get(there)
        if isinstance(value, values.Missing):
            return request
        moved = request.set(here, value).without(there)
        return moved.with_body(None) if drop_body and moved.json in ({}, values.MISSING) else moved

    return change
