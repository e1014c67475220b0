"""The body is too large.

A middleware, the server or FastAPI (`max_body_size=`) limits how large a body may be, and answers 413.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose import values
from fastwright.diagnose.body import Form
from fastwright.diagnose.causes._shapes import about_body
from fastwright.diagnose.request import Request
from fastwright.diagnose.sampling import Sampler
from fastwright.diagnose.scene import Found, Scene

RANK = 13


def find(scene: Scene) -> Iterator[Found]:
    if scene.answer.status != 413:
        return
    size = len(scene.request.content)
    culprit = scene.culprit()
    frame = culprit[1] if culprit else None
    place = f" ({frame.file}:{frame.line})" if frame else ""
    scene.claim_answer()
    problem = about_body(
        scene,
        got=f"{size} bytes",
        expected="a smaller body",
        why=f"the app answers 413{place} to a body of {size} bytes: {scene.answer.text[:120]}",
        fix="send less at once, or raise the limit",
    )
    if frame:
        problem = problem.model_copy(update={"file": frame.file, "line": frame.line, "code": frame.code})
    yield Found(problem, lambda request: _smaller(scene, request))


def _smaller(scene: Scene, request: Request) -> Request:
    form = request.form
    if form is not None:
        parts = tuple(part.__class__(part.name, part.content[:32], part.filename, part.media) for part in form.parts)
        return request.with_body(Form(parts, form.is_multipart))
    value = request.json
    if isinstance(value, dict):
        for key, one in value.items():
            if isinstance(one, str) and len(one) > 200:
                value = {**value, key: one[:50]}
            elif isinstance(one, list) and len(one) > 10:
                value = {**value, key: one[:1]}
        return request.with_json(value)
    if isinstance(value, values.Missing):
        schema = scene.body_schema
        return request.with_json(Sampler(schema.get("$defs", {})).sample(schema))
    return request.with_json(value[:1] if isinstance(value, list) else value)
