"""The body is compressed.

The request says `Content-Encoding: gzip` (or `deflate`), and FastAPI does not unpack what it is sent;
`GZipMiddleware` is for answers alone. The app sees compressed bytes where it expects JSON.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import replace

from fastwright.diagnose import values
from fastwright.diagnose.body import Raw
from fastwright.diagnose.causes._shapes import about_body, body_name
from fastwright.diagnose.request import Request
from fastwright.diagnose.scene import Found, Scene

RANK = 10


def find(scene: Scene) -> Iterator[Found]:
    said = scene.request.header("content-encoding")
    content = scene.request.content
    if scene.answer.status not in (400, 415, 422) or not (said or content[:2] == b"\x1f\x8b"):
        return
    plain = _unpacked(content)
    if plain is None and scene.refused and not isinstance(scene.request.json, values.Missing):
        return
    scene.claim_answer()
    yield Found(
        about_body(
            scene,
            got=f"Content-Encoding: {said}" if said else "compressed bytes",
            expected="a body that is not compressed",
            why=f"{body_name(scene)} is read as it comes: the app does not unpack {said or 'gzip'}",
            fix="send the body as it is, without Content-Encoding",
        ),
        lambda request: _with(request.with_header("content-encoding", ""), plain),
    )


def _with(request: Request, plain: bytes | None) -> Request:
    if plain is None:
        return request
    return replace(request, body=Raw(plain)).with_header(
        "content-type", request.header("content-type") or "application/json"
    )


def _unpacked(content: bytes) -> bytes | None:
    for unpack in (gzip.decompress, zlib.decompress):
        try:
            return unpack(content)
        except (OSError, EOFError, zlib.error):
            continue
    return None
