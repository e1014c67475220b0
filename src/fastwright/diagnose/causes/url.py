"""Not a URL.

`HttpUrl` and its like want a scheme and a host: `https://example.com/path`. `example.com` alone is refused, and so is
a scheme that the type does not allow.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.describing import declared, kind_of
from fastwright.diagnose.scene import Found, Scene

RANK = 50


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("url_*"):
        yield scene.found(
            refused,
            expected=kind_of(refused),
            why=f"{declared(refused)}; {refused.msg}",
            fix="write it with its scheme, such as https://",
        )
