"""Not a date or time that is understood.

Dates are ISO 8601: `2030-01-15`, times `12:30:00`, both together `2030-01-15T12:30:00Z`. `15.01.2030` and
`01/15/2030` are refused, and a `date` refuses a moment that is not midnight.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.describing import declared, kind_of
from fastwright.diagnose.scene import Found, Scene

RANK = 50


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim(
        "date_from_datetime*",
        "date_parsing",
        "date_type",
        "datetime_parsing",
        "datetime_type",
        "datetime_from_date_parsing",
        "datetime_object_invalid",
        "time_parsing",
        "time_type",
        "time_delta*",
        "timezone_offset",
    ):
        yield scene.found(
            refused,
            expected=kind_of(refused),
            why=f"{declared(refused)}; {refused.msg[:1].lower()}{refused.msg[1:]}",
            fix="write it as ISO 8601 does",
        )
