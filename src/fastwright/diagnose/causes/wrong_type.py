"""A value of another type.

The field wants another type, and Pydantic does not guess: it turns `"3"` into `3`, but not `"three"`, and never a
number into a text. A path, a query, a header and a form only have texts, which must look like the type.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.describing import declared, kind_of, quoted
from fastwright.diagnose.scene import Found, Scene

RANK = 70


def find(scene: Scene) -> Iterator[Found]:
    kinds = ("int_*", "float_*", "bool_*", "string_*", "decimal_*", "bytes_*", "none_required", "is_instance_of")
    for refused in scene.claim(*kinds, "complex_*", "is_subclass_of", "callable_type", "json_type", "json_invalid"):
        yield scene.found(
            refused,
            expected=kind_of(refused),
            why=f"{declared(refused)}, and {quoted(scene.got(refused.loc))} is no such value",
            fix=f"send {kind_of(refused)}",
        )
