"""Out of range.

A number, a date or a duration is below or above what its field allows (`gt`, `ge`, `lt`, `le`), or no multiple of
`multiple_of`. `gt=0` refuses 0 itself; `ge=0` allows it. Times in the past or future are meant as seen by the
server's clock.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.answers import Refused
from fastwright.diagnose.describing import declared, kind_of
from fastwright.diagnose.scene import Found, Scene

RANK = 50


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim(
        "greater_than",
        "greater_than_equal",
        "less_than",
        "less_than_equal",
        "multiple_of",
        "date_past",
        "date_future",
        "datetime_past",
        "datetime_future",
    ):
        yield scene.found(
            refused,
            expected=_bound(refused) or kind_of(refused),
            why=f"{declared(refused)}, so it must be {_bound(refused) or refused.msg}",
            fix=f"send a value that is {_bound(refused) or kind_of(refused)}",
        )


def _bound(refused: Refused) -> str:
    words = {"gt": "more than", "ge": "at least", "lt": "less than", "le": "at most", "multiple_of": "a multiple of"}
    found = [f"{text} {_number(refused.ctx[key])}" for key, text in words.items() if key in refused.ctx]
    if not found and refused.type.endswith(("past", "future")):
        return f"in the {refused.type.rpartition('_')[2]}"
    return " and ".join(found)


def _number(value: object) -> object:
    """Return `0` for `0.0`."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
