"""The tag of a discriminated union.

The body is one of several models, and one field says which: its discriminator. It is missing, or names none of them.

"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.describing import declared
from fastwright.diagnose.scene import Found, Scene

RANK = 45


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("union_tag_invalid", "union_tag_not_found"):
        yield scene.found(
            refused,
            expected=f"{refused.ctx.get('discriminator')} is one of {refused.ctx.get('expected_tags') or 'its tags'}",
            why=f"{declared(refused)}: {refused.ctx.get('discriminator')} decides which model the rest is read as",
            fix=f"say in {refused.ctx.get('discriminator')} which one it is",
        )
