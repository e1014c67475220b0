"""Not a UUID.

A UUID has 32 hexadecimal digits, mostly written as `8-4-4-4-12`. `UUID4` also looks at the version, which is the
first digit of the third group.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.describing import declared, kind_of
from fastwright.diagnose.scene import Found, Scene

RANK = 50


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("uuid_*"):
        yield scene.found(
            refused,
            expected=kind_of(refused),
            why=f"{declared(refused)}; {refused.msg}",
            fix="send the id as the app gave it out",
        )
