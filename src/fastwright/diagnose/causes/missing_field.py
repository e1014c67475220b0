"""A field is missing.

A field that has no default must be sent. FastAPI says `missing`, with the location where it looked: in the body, the
query, a header, a cookie or the path. If you did send it, it was somewhere else, or under another name.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.describing import declared, kind_of
from fastwright.diagnose.scene import Found, Scene, shown

RANK = 60


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("missing", "missing_argument", "missing_keyword_only_argument"):
        if refused.loc == ("body",):
            yield scene.found(
                refused,
                expected=f"a body: {kind_of(refused)}",
                why=f"{declared(refused)}, so there has to be a body, and none was sent",
                fix="send a body",
            )
            continue
        yield scene.found(
            refused,
            expected=kind_of(refused),
            why=f"{declared(refused)}; it has no default, so it must be sent in the {refused.loc[0]}",
            fix=f"add {shown(refused)}",
        )
