"""JSON without a content type that says so.

The body is JSON, but the request does not say `Content-Type: application/json`, so FastAPI does not parse it, and the
model gets a text. Since FastAPI 0.132 a request without any content type is treated so, too; before, it was taken for
JSON (`FastAPI(strict_content_type=False)` brings that back). `curl -d` says that it sends a form.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose import values
from fastwright.diagnose.causes._shapes import about_body, body_name, body_place
from fastwright.diagnose.request import Request
from fastwright.diagnose.scene import Found, Scene

RANK = 14


def find(scene: Scene) -> Iterator[Found]:
    media = scene.request.media
    parsed = scene.request.json
    if not scene.wants_json or media.endswith(("/json", "+json")) or isinstance(parsed, values.Missing):
        return
    if not scene.claim_body():
        return
    said = f"it says {media}" if media else "it says nothing"
    yield Found(
        about_body(
            scene,
            got=f"Content-Type: {media}" if media else "no Content-Type",
            expected="Content-Type: application/json",
            why=f"{body_name(scene)} is read from JSON{body_place(scene)}; this is JSON, but {said}: it stays a text",
            fix="send the header Content-Type: application/json",
        ),
        _as_json,
    )


def _as_json(request: Request) -> Request:
    value = request.json
    return request if isinstance(value, values.Missing) else request.with_json(value)
