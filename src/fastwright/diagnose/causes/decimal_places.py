"""Too many decimal places.

A `Decimal` with `decimal_places` or `max_digits` refuses a number that is more exact than that; it is not rounded for
you. A JSON number goes through binary floating point first, so send amounts of money as text: `"19.99"`.

"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.answers import Refused
from fastwright.diagnose.describing import declared, kind_of
from fastwright.diagnose.scene import Found, Scene

RANK = 50


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("decimal_max_places", "decimal_max_digits", "decimal_whole_digits"):
        yield scene.found(
            refused,
            expected=f"{kind_of(refused)}, {_digits(refused)}",
            why=f"{declared(refused)}, which allows {_digits(refused)}",
            fix="round it before it is sent",
        )


def _digits(refused: Refused) -> str:
    words = {
        "decimal_places": "decimal places",
        "whole_digits": "digits before the point",
        "max_digits": "digits in all",
    }
    return next(
        (f"at most {refused.ctx[key]} {text}" for key, text in words.items() if key in refused.ctx), refused.msg
    )
