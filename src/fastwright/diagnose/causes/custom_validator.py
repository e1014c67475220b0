"""A validator of the app refused the value.

The type is right, but a function of the app (`@field_validator`, `@model_validator`, `AfterValidator`) raised
`ValueError` or failed an `assert`. What it wants is in its code, and not in the OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.answers import Refused
from fastwright.diagnose.describing import declared
from fastwright.diagnose.request import Request
from fastwright.diagnose.scene import Found, Mend, Scene
from fastwright.diagnose.trying import past_validator

RANK = 52


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("value_error", "assertion_error", "*"):
        if refused.type not in ("value_error", "assertion_error") and not refused.raised and not _is_own(refused):
            scene.release(refused)
            continue
        told = refused.msg.removeprefix("Value error, ").removeprefix("Assertion failed, ").rstrip(".")
        place = refused.raised[-1] if refused.raised else None
        by = (
            f'{place.name} refuses it in "{place.code}" ({place.file}:{place.line})'
            if place
            else "a validator refuses it"
        )
        yield scene.found(
            refused,
            expected=told,
            why=f"{declared(refused)}; {by}",
            fix=f"send a value for which this holds: {told}",
            mend=_past(scene, refused),
        )


def _is_own(refused: Refused) -> bool:
    """Tell whether the type of the error is one that the app made by itself (`PydanticCustomError`)."""
    return "." in refused.type


def _past(scene: Scene, refused: Refused) -> Mend:
    def change(request: Request) -> Request:
        return past_validator(scene, refused, request)

    return change
