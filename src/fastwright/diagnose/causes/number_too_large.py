"""A number is too large.

An integer has more digits than Python parses from a text (4300), a number is infinite or not a number at all
(`Infinity`, `NaN` are not JSON), or it does not fit into the column of the database, which has 64 bits.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.describing import declared, kind_of
from fastwright.diagnose.scene import Found, Scene

RANK = 48


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("int_parsing_size", "finite_number", "int_too_large"):
        yield scene.found(
            refused,
            expected=kind_of(refused),
            why=f"{declared(refused)}; {refused.msg}",
            fix="send a smaller number",
        )
