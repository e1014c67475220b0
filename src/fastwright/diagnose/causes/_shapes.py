"""Move values between the parts of a request: what a cause corrects that looks at the request as a whole."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic import JsonValue

from fastwright.diagnose import values
from fastwright.diagnose.answers import Field, Schema
from fastwright.diagnose.body import Form, Part
from fastwright.diagnose.model import Problem
from fastwright.diagnose.sampling import Sampler, type_names
from fastwright.diagnose.scene import Scene


def about_body(scene: Scene, *, expected: str, why: str, fix: str, got: JsonValue = None) -> Problem:
    """Return a problem with the body as a whole."""
    field = next(iter(scene.operation.of("body")), None)
    at = field.at if field else None
    return Problem(
        loc=("body",),
        got=got,
        expected=expected,
        why=why,
        fix=fix,
        cause="",
        file=at.file if at else None,
        line=at.line if at else None,
        code=at.code if at else "",
    )


def body_name(scene: Scene) -> str:
    """Return what the endpoint takes as its body, as the code calls it: `product: ProductIn`."""
    names = [
        f"{field.name}: {field.at.type}" if field.at and field.at.type else field.name
        for field in scene.operation.of("body")
    ]
    return ", ".join(names) or "its body"


def body_place(scene: Scene) -> str:
    """Return where the endpoint says so."""
    field = next(iter(scene.operation.of("body")), None)
    return f" ({field.at.file}:{field.at.line})" if field and field.at and field.at.file else ""


def as_json(form: Form, schema: Schema) -> JsonValue:
    """Return the fields of a form as an object, with the types that a schema says."""
    sampler = Sampler(schema.get("$defs", {}))
    found: dict[str, JsonValue] = {}
    for name in dict.fromkeys(part.name for part in form.parts):
        texts = [part.text for part in form.of(name)]
        below = sampler.resolved(sampler.below(schema, name))
        if below.get("type") == "array":
            items = sampler.resolved(below.get("items") or {})
            found[name] = [typed(text, items, sampler) for text in texts]
        else:
            found[name] = typed(texts[-1], below, sampler)
    return found


def typed(text: str, schema: Schema, sampler: Sampler) -> JsonValue:
    """Return a text as the type that a schema wants, if it is one; else as it is."""
    kinds = [schema, *(sampler.resolved(one) for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ())))]
    wanted = {str(kind.get("type")) for kind in kinds}
    if wanted & {"integer", "number", "boolean", "object", "array", "null"}:
        try:
            value: JsonValue = json.loads(text.lower() if text in ("True", "False") else text)
        except ValueError:
            return text
        return value if wanted & set(type_names(value)) else text
    return text


def as_form(value: Mapping[str, JsonValue], fields: tuple[Field, ...], *, multipart: bool) -> Form:
    """Return an object as the fields of a form; fields that are files become files."""
    files = {field.alias for field in fields if field.kind == "file"}
    parts: list[Part] = []
    for name, one in value.items():
        items = one if isinstance(one, list) else [one]
        for item in items:
            content = values.text(item).encode()
            parts.append(Part(name, content, "sample.txt") if name in files else Part(name, content))
    return Form(tuple(parts), multipart=multipart)


def keys(value: JsonValue | values.Missing) -> set[str]:
    """Return the keys of an object."""
    return set(value) if isinstance(value, dict) else set()


def properties(schema: Schema, definitions: Mapping[str, Schema]) -> set[str]:
    """Return the names of the fields that a schema knows, of each of its alternatives."""
    sampler = Sampler(definitions)
    schema = sampler.resolved(schema)
    found = set(schema.get("properties", {}))
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        found |= set(sampler.resolved(one).get("properties", {}))
    return found
