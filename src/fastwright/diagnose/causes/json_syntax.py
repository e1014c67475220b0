"""The body is not JSON.

The text could not be parsed: a comma too many, single quotes, `True` or `None` of Python, a comment, an end that is
missing. The location that FastAPI gives (`body`, 17) is the position of the character at which the parser gave up.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.answers import Refused
from fastwright.diagnose.loose import repaired
from fastwright.diagnose.model import Problem
from fastwright.diagnose.request import Request
from fastwright.diagnose.sampling import Sampler
from fastwright.diagnose.scene import Found, Scene

RANK = 12


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("json_invalid"):
        if len(refused.loc) != 2 or not isinstance(refused.loc[1], int):
            scene.release(refused)
            continue
        yield Found(_problem(scene, refused), lambda request: _parsed(scene, request))


def _problem(scene: Scene, refused: Refused) -> Problem:
    text = scene.request.content.decode("utf-8", "replace")
    at = int(refused.loc[1])
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    message = str(refused.ctx.get("error") or refused.msg)
    return Problem(
        loc=refused.loc,
        got=text[max(0, at - 20) : at + 20],
        expected="JSON",
        why=f"line {line}, column {column}: {message}, before {text[at : at + 20]!r}",
        fix=_advice(text, at),
        cause="",
        file=scene.route.place.get("file") if scene.route else None,
        line=scene.route.place.get("line") if scene.route else None,
    )


def _advice(text: str, at: int) -> str:
    before = text[:at].rstrip()
    if text[at : at + 1] == "'" or "'" in text[:2]:
        return "use double quotes"
    if before.endswith(",") or text[at : at + 1] in "}]":
        return "take out the comma before the end"
    if text[at : at + 4] in ("True", "None", "Fals"):
        return "write true, false and null, as JSON has them"
    if not text[at:].strip():
        return "the text ends too early: close what is open"
    return "make it valid JSON"


def _parsed(scene: Scene, request: Request) -> Request:
    value = repaired(request.content.decode("utf-8", "replace"))
    if value is None:
        schema = scene.body_schema
        value = Sampler(schema.get("$defs", {})).sample(schema)
    return request.with_json(value)
