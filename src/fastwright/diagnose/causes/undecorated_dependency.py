"""args and kwargs from a dependency.

A dependency or an endpoint was wrapped by a decorator that does not say what it wraps (no `functools.wraps`), so
FastAPI sees `(*args, **kwargs)` and asks for two query parameters of these names. No client can do something about
it: the server's decorator has to carry the signature on.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.answers import Loc
from fastwright.diagnose.describing import declared
from fastwright.diagnose.proposing import proposed
from fastwright.diagnose.scene import Found, Scene

RANK = 5


def find(scene: Scene) -> Iterator[Found]:
    owners: dict[Loc, str] = {
        (field.part, field.alias): field.owner for field in scene.operation.fields if field.decorated
    }
    for refused in scene.claim("missing"):
        if refused.loc[:2] not in owners:
            scene.release(refused)
            continue
        yield scene.found(
            refused,
            expected="nothing: this is not a parameter that anybody meant",
            why=f"{declared(refused)}: FastAPI takes the wrapper {owners[refused.loc[:2]]} for the function itself",
            fix="put @functools.wraps(function) on the wrapper, so that FastAPI sees the parameters of the function",
            side="server",
            mend=lambda request: request,
            change=proposed("add_wraps", refused.at.file, refused.at.line, function=owners[refused.loc[:2]])
            if refused.at
            else None,
        )
