"""How causes speak of fields and values: in the words of the app."""

from __future__ import annotations

from typing import Any

from pydantic import JsonValue

from fastwright.diagnose.answers import Refused, Schema
from fastwright.diagnose.sampling import Sampler
from fastwright.diagnose.scene import shown

_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_FORMATS = {
    "date": "a date, such as 2030-01-15",
    "date-time": "a date and time, such as 2030-01-15T12:00:00Z",
    "time": "a time, such as 12:00:00",
    "duration": "a duration, such as PT1H30M",
    "email": "an e-mail address",
    "uuid": "a UUID",
    "uri": "a URL",
    "binary": "a file",
}


def declared(refused: Refused) -> str:
    """Return what the source says of the field: `ProductIn.price is declared as "price: Decimal" (schemas.py:12)`."""
    at = refused.at
    if at is None or not at.file:
        return shown(refused)
    text = f' is declared as "{at.code}"' if at.code and not at.code.startswith(("def ", "async def ")) else ""
    typed = f" is a parameter of type {at.type}" if not text and at.type else ""
    return f"{shown(refused)}{text or typed} ({at.file}:{at.line})"


def kind_of(refused: Refused) -> str:
    """Return in words what a field wants."""
    schema = refused.schema_ or {}
    return described(schema, Sampler(schema.get("$defs", {})))


def described(schema: Schema, sampler: Sampler) -> str:
    """Return in words what a schema allows."""
    schema = sampler.resolved(schema)
    if schema.get("enum"):
        return "one of " + ", ".join(quoted(one) for one in schema["enum"][:12])
    if "const" in schema:
        return quoted(schema["const"])
    choices: list[Schema] = schema.get("anyOf") or schema.get("oneOf") or []
    if choices:
        kinds = {sampler.resolved(one).get("type") for one in choices}
        # A decimal may also be a text.
        choices = [one for one in choices if not ("number" in kinds and sampler.resolved(one).get("type") == "string")]
        return " or ".join(dict.fromkeys(described(one, sampler) for one in choices))
    kind = _FORMATS.get(str(schema.get("format")), "")
    if not kind:
        kind = _TYPES.get(str(schema.get("type")), "a value")
    if schema.get("type") == "array" and isinstance(schema.get("items"), dict):
        kind = f"a list; each item is {described(schema['items'], sampler)}"
    if schema.get("type") == "object" and schema.get("required"):
        kind = "an object with " + ", ".join(schema["required"][:8])
    return kind + limits(schema)


def limits(schema: Schema) -> str:
    """Return the bounds of a schema: `, at least 1, at most 5`."""
    words = {
        "minimum": "at least {}",
        "exclusiveMinimum": "more than {}",
        "maximum": "at most {}",
        "exclusiveMaximum": "less than {}",
        "multipleOf": "a multiple of {}",
        "minLength": "at least {} characters",
        "maxLength": "at most {} characters",
        "minItems": "at least {} items",
        "maxItems": "at most {} items",
        "pattern": "matching {}",
    }
    found = [text.format(_number(schema[key])) for key, text in words.items() if key in schema]
    return "".join(f", {text.removesuffix('s') if ' 1 ' in text else text}" for text in found)


def _number(value: object) -> object:
    """Return `0` for `0.0`."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def quoted(value: JsonValue | Any) -> str:
    """Return a value as it is written in JSON, but not too much of it."""
    text = (
        f'"{value}"'
        if isinstance(value, str)
        else {None: "null", True: "true", False: "false"}.get(value)
        if isinstance(value, bool | None)
        else str(value)
    )
    text = text or ""
    return text if len(text) <= 60 else f"{text[:57]}…"


def allowed(refused: Refused) -> str:
    """Return the values of an `Enum` or a `Literal`."""
    schema = refused.schema_ or {}
    listed = described(schema, Sampler(schema.get("$defs", {})))
    return listed if listed.startswith("one of") else str(refused.ctx.get("expected", listed))


def pattern_of(refused: Refused) -> str:
    """Return the regular expression that a text has to match."""
    return str(refused.ctx.get("pattern") or (refused.schema_ or {}).get("pattern") or "its pattern")
