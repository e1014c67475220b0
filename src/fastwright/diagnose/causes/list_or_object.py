"""A list for an object, or an object for a list.

The field wants one of them and got the other, or a single value where a list of one is wanted. A text with JSON in it
is a text: `"[1, 2]"` is no list.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.describing import declared, kind_of
from fastwright.diagnose.scene import Found, Scene

RANK = 55
_NAMES = {"list": "a list", "dict": "an object", "NoneType": "null", "bool": "true or false", "str": "a text"}


def find(scene: Scene) -> Iterator[Found]:
    kinds = ("list_type", "set_type", "tuple_type", "frozen_set_type", "dict_type", "model_type", "iterable_type")
    for refused in scene.claim(
        *kinds, "model_attributes_type", "dataclass_type", "mapping_type", "dataclass_exact_type"
    ):
        got = _NAMES.get(type(scene.got(refused.loc)).__name__, "a number")
        yield scene.found(
            refused,
            expected=kind_of(refused),
            why=f"{declared(refused)}, and this is {got}",
            fix=f"send {kind_of(refused)}",
        )
