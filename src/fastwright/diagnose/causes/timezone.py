"""With or without a time zone.

`AwareDatetime` wants an offset (`2030-01-15T12:00:00Z` or `+01:00`), `NaiveDatetime` refuses one.
Browsers send `toISOString()` with `Z`, and `datetime-local` fields of forms have no zone at all.

"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.describing import declared
from fastwright.diagnose.scene import Found, Scene

RANK = 50


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("timezone_aware", "timezone_naive"):
        yield scene.found(
            refused,
            expected="a time with its offset, such as …T12:00:00Z"
            if refused.type == "timezone_aware"
            else "a time without an offset",
            why=f"{declared(refused)}; its zone {'has' if refused.type == 'timezone_aware' else 'is not'} to be said",
            fix="add Z, or the offset" if refused.type == "timezone_aware" else "leave the offset out",
        )
