"""What a tool takes and gives, as JSON Schema: both follow from the values of its verb."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import Any, cast

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from fastwright.mcp.verbtool import VerbTool

_SHARED = {
    "project": "The directory of the project; where the server was started, if left out.",
    "app": "The app object or its factory, as MODULE:ATTRIBUTE, where there are several.",
    "env_file": "A file with the variables that the import needs.",
    "dry_run": "Stage and prove it, but do not land it; then nobody is asked.",
}
_ERROR: dict[str, Any] = {
    "type": "object",
    "description": "Only where it was not done as asked: the reason, and the next thing to try.",
    "properties": {"message": {"type": "string"}, "hint": {"type": "string"}},
    "required": ["message", "hint"],
}


def argument_fields(tool: VerbTool) -> dict[str, tuple[Any, FieldInfo]]:
    """Return the fields of a verb's request that clients may set, each with what it is for."""
    return {
        name: (field.annotation, _described(field, tool.about.get(name) or _SHARED.get(name, "")))
        for name, field in tool.request.model_fields.items()
        if name not in tool.hidden
    }


def _described(field: FieldInfo, text: str) -> FieldInfo:
    described = copy(field)
    described.description = field.description or text or None
    return described


def answer_schema(result: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of what a verb answers; it allows for keys that are added later, and for an `error`."""
    schema = result.model_json_schema(mode="serialization")
    for part in _objects(schema):
        part.pop("additionalProperties", None)
    schema.setdefault("properties", {}).setdefault("error", _ERROR)
    return schema


def _objects(schema: object) -> Iterator[dict[str, Any]]:
    """Yield the schemas of closed objects, at every depth."""
    if isinstance(schema, dict):
        found = cast("dict[str, Any]", schema)
        if found.get("additionalProperties") is False:
            yield found
        for value in found.values():
            yield from _objects(value)
    elif isinstance(schema, list):
        for value in cast("list[object]", schema):
            yield from _objects(value)
