"""A parameter of the path.

What stands in the path at the place of a parameter is a text, and could not be read as the type that the parameter
has: `/items/abc` for `item_id: int`. An endpoint with a converter (`{item_id:int}`) does not even match then, and the
answer is 404.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.describing import declared, kind_of, quoted
from fastwright.diagnose.scene import Found, Scene

RANK = 38


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("*"):
        if refused.loc[:1] != ("path",) or not refused.type.endswith(("_parsing", "_type")):
            scene.release(refused)
            continue
        yield scene.found(
            refused,
            expected=kind_of(refused),
            why=f"{declared(refused)}, and {quoted(scene.got(refused.loc))} in the path is not {kind_of(refused)}",
            fix=f"put {kind_of(refused)} in the place of {{{refused.loc[-1]}}}",
        )
