"""Strict types.

A strict field takes no other type, even if it could be converted: `StrictInt` refuses `"5"`, and `StrictFloat`
refuses nothing but what is no number. In JSON there are no dates, UUIDs, decimals or enums, so a strict field of such
a type refuses every JSON body that goes through FastAPI: that is the server's fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import JsonValue

from fastwright.diagnose.answers import Refused
from fastwright.diagnose.describing import declared, kind_of, quoted
from fastwright.diagnose.scene import Found, Scene, shown

RANK = 44
_IMPOSSIBLE = ("datetime_type", "date_type", "time_type", "time_delta_type")


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim(
        "int_type", "float_type", "bool_type", "decimal_type", "string_type", *_IMPOSSIBLE, "is_instance_of"
    ):
        value = scene.got(refused.loc)
        if _never(refused, value):
            yield scene.found(
                refused,
                expected=f"{kind_of(refused)}, but not from JSON",
                why=f"{declared(refused)}; it is strict, and JSON has no such type, so every request is refused",
                fix=f"take strict away from {shown(refused)}",
                side="server",
                mend=lambda request: request,
            )
        elif _convertible(refused, value):
            yield scene.found(
                refused,
                expected=f"{kind_of(refused)}, as such and not as {_kind(value)}",
                why=f"{declared(refused)}; it is strict, so {quoted(value)} is not converted",
                fix=f"send {kind_of(refused)} as JSON has it",
            )
        else:
            scene.release(refused)


def _never(refused: Refused, value: JsonValue) -> bool:
    if refused.loc[:1] != ("body",) or not isinstance(value, str):
        return False
    if refused.type in _IMPOSSIBLE:
        return re.match(r"\d{4}-\d{2}-\d{2}|\d{2}:\d{2}|-?P", value) is not None
    return refused.type == "is_instance_of" and refused.ctx.get("class") in ("UUID", "Decimal")


def _convertible(refused: Refused, value: JsonValue) -> bool:
    """Tell whether a field that is not strict would have converted the value."""
    if refused.type in ("int_type", "float_type", "decimal_type"):
        is_number = isinstance(value, str) and re.fullmatch(r"\s*-?\d+(\.\d+)?\s*", value) is not None
        return is_number or isinstance(value, bool) or (refused.type == "int_type" and isinstance(value, float))
    return refused.type == "bool_type" and str(value).lower() in ("true", "false", "1", "0", "yes", "no", "on", "off")


def _kind(value: JsonValue) -> str:
    return "a text" if isinstance(value, str) else "true or false" if isinstance(value, bool) else "a number"
