"""Not one of the allowed values.

The field is an `Enum` or a `Literal`: only its values are accepted, letter for letter. It is the value of a member
that is sent (`"in_stock"`), and not its name (`IN_STOCK`), unless both are the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.describing import allowed, declared, quoted
from fastwright.diagnose.scene import Found, Scene

RANK = 50


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("enum", "literal_error"):
        yield scene.found(
            refused,
            expected=allowed(refused),
            why=f"{declared(refused)}, so only these are accepted: {allowed(refused)}",
            fix=f"send one of them; the nearest is {quoted(scene.mended(refused, scene.request))}",
        )
