"""Does not match the pattern.

The field has a regular expression. Pydantic searches for it, so only `^` and `$` make it hold for the whole text; a
blank at the end is enough to be refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.describing import declared, pattern_of
from fastwright.diagnose.scene import Found, Scene

RANK = 50


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("string_pattern_mismatch"):
        yield scene.found(
            refused,
            expected=f"a text that matches {pattern_of(refused)}",
            why=f"{declared(refused)}: {pattern_of(refused)} is not found in it",
            fix="send a text that matches",
        )
