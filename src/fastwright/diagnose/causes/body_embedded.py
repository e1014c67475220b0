"""The body must not be embedded.

With a single model as its body FastAPI expects the fields at the top: `{"name": …}`. They were sent below a key, as
they would be with several body parameters or with `Body(embed=True)`.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import JsonValue

from fastwright.diagnose.causes._shapes import about_body, body_name, body_place, keys, properties
from fastwright.diagnose.scene import Found, Scene

RANK = 23


def find(scene: Scene) -> Iterator[Found]:
    value = scene.request.json
    if not scene.is_whole("body") or not scene.wants_json or not isinstance(value, dict) or len(value) != 1:
        return
    schema = scene.body_schema
    own = properties(schema, schema.get("$defs", {}))
    key, inner = next(iter(value.items()))
    if key in own or not _fits(inner, own, str(schema.get("type"))):
        return
    if not scene.claim_body():
        return
    yield Found(
        about_body(
            scene,
            got=value,
            expected="the fields themselves",
            why=f'{body_name(scene)} is the whole body{body_place(scene)}, and its fields were sent below "{key}"',
            fix=f'send what is in "{key}", without "{key}"; or, in the app, declare it with Body(embed=True)',
        ),
        lambda request: request.with_json(inner),
    )


def _fits(inner: JsonValue, own: set[str], kind: str) -> bool:
    """Tell whether what is below the key could be the body."""
    if kind == "array":
        return isinstance(inner, list)
    return bool(keys(inner) & own)
