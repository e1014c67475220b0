"""The body has to be embedded.

With several body parameters, or with `Body(embed=True)`, FastAPI expects an object with a key for each: `{"item":
{…}}`. The fields were sent without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from fastwright.diagnose import values
from fastwright.diagnose.causes._shapes import about_body, body_name, body_place, keys, properties
from fastwright.diagnose.scene import Found, Scene

RANK = 22


def find(scene: Scene) -> Iterator[Found]:
    fields = scene.operation.of("body")
    value = scene.request.json
    if not fields or fields[0].whole or not scene.wants_json or isinstance(value, values.Missing) or value is None:
        return
    if keys(value) & {field.alias for field in fields if properties_of(field.schema_)}:
        return
    nested = _nested(scene, value)
    if not nested or not any(one.type == "missing" for one in scene.refused):
        return
    scene.claim_body()
    names = ", ".join(f'"{field.alias}"' for field in fields)
    yield Found(
        about_body(
            scene,
            got=value,
            expected=f"an object with {names}",
            why=f"{body_name(scene)}{body_place(scene)}: each is expected under its own name",
            fix=f"put the fields below {names}"
            + ("; or, in the app, leave out Body(embed=True)" if len(fields) == 1 else ""),
        ),
        lambda request: request.with_json(nested),
    )


def properties_of(schema: Mapping[str, object] | None) -> set[str]:
    """Return the names of the fields of a parameter that is a model."""
    whole = dict(schema or {})
    definitions = whole.get("$defs", {})
    return properties(whole, definitions if isinstance(definitions, dict) else {})  # pyright: ignore[reportUnknownArgumentType]


def _nested(scene: Scene, value: JsonValue) -> dict[str, JsonValue] | None:
    """Return the value with every field below the parameter that has it, or nothing if none has."""
    fields = scene.operation.of("body")
    if not isinstance(value, dict):
        return {fields[0].alias: value} if len(fields) == 1 else None
    left = dict(value)
    found: dict[str, JsonValue] = {}
    for field in fields:
        own = properties_of(field.schema_)
        inner = {key: left[key] for key in value if key in own and key in left}
        if inner:
            found[field.alias] = inner
            left = {key: one for key, one in left.items() if key not in inner}
        elif field.alias in left:
            found[field.alias] = left.pop(field.alias)
    if len(fields) == 1 and not found:
        return {fields[0].alias: value}
    if not any(isinstance(one, dict) for one in found.values()):
        return None
    first = next(key for key, one in found.items() if isinstance(one, dict))
    inner_first = found[first]
    if left and isinstance(inner_first, dict):
        found[first] = {**inner_first, **left}
    return found
