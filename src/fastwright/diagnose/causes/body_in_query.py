"""The body was sent in the query.

A model, a `dict` and a `list` are read from the body, unless they are declared as `Query()`. The fields were sent in
the query, so there is no body. A list that is meant to be in the query needs `Query()`; on a GET that is almost
always what was meant, and no client can do something about it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import JsonValue

from fastwright.changes import Change
from fastwright.diagnose import values
from fastwright.diagnose.answers import At, Field, Refused
from fastwright.diagnose.body import Form, Part
from fastwright.diagnose.causes._shapes import as_json, body_name, body_place
from fastwright.diagnose.causes.body_not_embedded import properties_of
from fastwright.diagnose.describing import declared
from fastwright.diagnose.proposing import proposed
from fastwright.diagnose.request import Request
from fastwright.diagnose.scene import Found, Mend, Scene, shown

RANK = 28


def find(scene: Scene) -> Iterator[Found]:
    names = {name for name, _value in scene.request.query} - {field.alias for field in scene.operation.of("query")}
    if not names or not scene.wants_json:
        return
    for refused in scene.claim("missing"):
        field = _body_field(scene, refused)
        if field is None or not (field.alias in names or names & properties_of(field.schema_)):
            scene.release(refused)
            continue
        is_read = scene.request.method in ("GET", "HEAD", "DELETE")
        yield scene.found(
            refused,
            expected=f"a body: {body_name(scene)}",
            why=f"{declared(refused)}; without Query() it is read from the body, and it was sent in the query"
            if refused.at and refused.at.file
            else f"{body_name(scene)} is read from the body{body_place(scene)}, and was sent in the query",
            fix=f"declare {shown(refused)} with Query()" if is_read else "send it as a JSON body",
            side="server" if is_read else "request",
            mend=_moved(scene, names),
            change=_marked(field.at) if is_read else None,
        )


def _marked(at: At | None) -> Change | None:
    """Return what declares the parameter as one of the query."""
    if at is None:
        return None
    imports = [{"module": "fastapi", "name": "Query"}]
    given = {"function": at.owner, "parameter": at.name, "marker": "Query()", "imports": imports}
    return proposed("annotate_parameter", at.file, at.line, **given) if at.owner else None


def _body_field(scene: Scene, refused: Refused) -> Field | None:
    fields = scene.operation.of("body")
    if not fields or refused.loc[0] != "body":
        return None
    if len(refused.loc) == 1:
        return fields[0]
    return next((field for field in fields if field.alias == refused.loc[1]), fields[0] if fields[0].whole else None)


def _moved(scene: Scene, names: set[str]) -> Mend:
    def change(request: Request) -> Request:
        moved = [(name, value) for name, value in request.query if name in names]
        kept = tuple(pair for pair in request.query if pair not in moved)
        fields = scene.operation.of("body")
        form = Form(tuple(Part(name, value.encode()) for name, value in moved))
        value: JsonValue = as_json(form, scene.body_schema)
        if fields[0].whole and isinstance(value, dict) and not properties_of(fields[0].schema_):
            only = value.get(fields[0].alias, values.MISSING)
            items = [text for name, text in moved if name == fields[0].alias]
            value = list[JsonValue](items) if (fields[0].schema_ or {}).get("type") == "array" else _known(only, value)
        return request.with_parts(kept, request.headers, request.cookies, request.body).with_json(value)

    return change


def _known(only: JsonValue | values.Missing, value: JsonValue) -> JsonValue:
    return value if isinstance(only, values.Missing) else only
