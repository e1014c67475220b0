"""The body is not UTF-8.

JSON is UTF-8. A text in another encoding (Latin-1, Windows-1252) cannot be decoded at its first umlaut or accent, and
FastAPI answers 400 "There was an error parsing the body". A `charset` in the content type is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.body import parse_json
from fastwright.diagnose.causes._shapes import about_body
from fastwright.diagnose.scene import Found, Scene

RANK = 11


def find(scene: Scene) -> Iterator[Found]:
    content = scene.request.content
    if scene.answer.status not in (400, 422) or scene.request.form is not None:
        return
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        at, byte = error.start, content[error.start]
    else:
        return
    text = content.decode("cp1252", "replace")
    try:
        value = parse_json(text.encode())
    except ValueError:
        return
    scene.claim_answer()
    yield Found(
        about_body(
            scene,
            got=text[max(0, at - 20) : at + 20],
            expected="UTF-8",
            why=f"the byte 0x{byte:02x} at position {at} is not UTF-8; read as Windows-1252 the body is valid JSON",
            fix="encode the body as UTF-8",
        ),
        lambda request: request.with_json(value),
    )
