"""Too long or too short.

A text or a list has fewer or more characters or items than its field allows. The length of a text is counted in
characters, after `strip_whitespace` where the field has that.

"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import JsonValue

from fastwright.diagnose.describing import declared, kind_of
from fastwright.diagnose.scene import Found, Scene

RANK = 50


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim(
        "string_too_short", "string_too_long", "too_short", "too_long", "bytes_too_short", "bytes_too_long"
    ):
        yield scene.found(
            refused,
            expected=kind_of(refused),
            why=f"{declared(refused)}, and this has {_size(scene.got(refused.loc))}",
            fix=f"send {kind_of(refused)}",
        )


def _size(value: JsonValue) -> str:
    if isinstance(value, list | dict):
        return f"{len(value)} item{'s'[: len(value) != 1]}"
    text = str(value or "")
    return f"{len(text)} character{'s'[: len(text) != 1]}"
