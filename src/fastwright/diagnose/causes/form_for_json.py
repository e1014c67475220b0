"""A form where JSON is wanted.

The endpoint reads its body as JSON, and a form was sent (`-d name=value`, an HTML form, `data=` of a Python client).
To take forms, the server would declare `Annotated[Model, Form()]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl

from fastwright.diagnose import values
from fastwright.diagnose.body import Form, Raw, parse_form
from fastwright.diagnose.causes._shapes import about_body, as_json, body_name, body_place
from fastwright.diagnose.scene import Found, Scene

RANK = 11


def find(scene: Scene) -> Iterator[Found]:
    form = scene.request.form or _unnamed(scene)
    is_json = not isinstance(scene.request.json, values.Missing)  # of another content type: that is its own cause
    if form is None or is_json or not scene.wants_json or not (scene.claim_body() or list(scene.claim("json_invalid"))):
        return
    value = as_json(form, scene.body_schema)
    yield Found(
        about_body(
            scene,
            got=scene.request.media or "a form",
            expected="JSON",
            why=f"{body_name(scene)} is read from JSON{body_place(scene)}, and a form was sent",
            fix="send the same fields as JSON, with Content-Type: application/json",
        ),
        lambda request: request.with_json(value),
    )


def _unnamed(scene: Scene) -> Form | None:
    """Return the form that a body looks like which does not say that it is one."""
    body = scene.request.body
    if not isinstance(body, Raw) or not isinstance(scene.request.json, values.Missing):
        return None
    text = body.content.decode("utf-8", "replace")
    try:
        pairs = parse_qsl(text, strict_parsing=True)
    except ValueError:
        return None
    return parse_form(body.content) if pairs and not text.lstrip().startswith(("{", "[")) else None
