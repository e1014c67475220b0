"""A property of a schema as a field or a relation: with its bounds, as far as a design has them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from fastwright.design import naming
from fastwright.design.bounds import INT_RANGE, MAX_STR, MAX_TEXT, WIDE_INT_RANGE, Bounds
from fastwright.design.fields import FieldParts
from fastwright.design.openapi.document import Document, Json, listing, resource_of
from fastwright.design.sketch import Sketch, member_name, one_line
from fastwright.design.source import Word

_FORMATS = {"date": "date", "date-time": "datetime", "uuid": "uuid", "email": "email", "uri": "url", "url": "url"}
_UNUSUAL = frozenset({"password", "byte", "binary"})
_LONG = frozenset({"body", "content", "text", "bio", "notes", "note", "comment", "description", "message", "summary"})
_SHORT, _LONG_TEXT = 255, 10_000
_SCALES = range(9)
# What a design has no word for, and what a client or a reviewer may count on.
_UNSAID = ("pattern", "multipleOf", "discriminator", "not", "minItems", "maxItems", "uniqueItems")


def add_member(
    sketch: Sketch,
    document: Document,
    resources: Mapping[str, str],
    member: tuple[str, Any],
    *,
    required: bool,
    notes: list[str],
) -> None:
    """Add one property to a sketch; `resources` has the names of resources by those of their schemas."""
    text, node = member
    schema = document.schema(node)
    many = "items" in schema
    target = resources.get(resource_of(document.name_of(schema["items"] if many else node)), "")
    required = required and not schema.get("nullable")
    if not target and not many and text.lower().endswith("id") and len(text) > 2:
        target = resources.get(naming.pascal(naming.snake(text)).removesuffix("Id"), "")
    if target:
        name = member_name(text, sketch.name, notes, many=many)
        name = name.removesuffix("_id") or name
        sketch.add_relation(name, target, many=many, required=required)
        return
    name = member_name(text, sketch.name, notes)
    parts = FieldParts(
        name=sketch.word(name, name),
        type=sketch.word("str", name),
        required=required,
        description=one_line(schema.get("description")),
    )
    notes += [f"{sketch.name}.{text}: `{key}` cannot be expressed" for key in _UNSAID if key in schema]
    sketch.add_field(list(_candidates(parts, schema, f"{sketch.name}.{text}", notes)), notes)


def _candidates(parts: FieldParts, schema: Json, where: str, notes: list[str]) -> Iterator[FieldParts]:
    """Yield the field with its default, then without: the first that can be had is taken."""
    for one in _kinds(parts, schema, where, notes):
        default = schema.get("default")
        if default is not None and not isinstance(default, (list, dict)):
            text = str(default).lower() if isinstance(default, bool) else str(default)
            yield replace(one, default=replace(one.name, text=text))
        yield one


def _kinds(parts: FieldParts, schema: Json, where: str, notes: list[str]) -> Iterator[FieldParts]:
    def of(kind: str) -> FieldParts:
        return replace(parts, type=replace(parts.type, text=kind))

    values = [str(one) for one in listing(schema.get("enum")) if one is not None]
    kind = schema.get("type")
    if values and kind in {"string", None}:
        yield replace(of("enum"), values=tuple(replace(parts.name, text=value) for value in values))
        yield _text(of("str"), {"maxLength": max(map(len, values)) or 1})
    elif kind == "string":
        yield from _strings(of, schema, where, notes)
    elif kind == "integer":
        yield _bounded(of("int"), *_int_range(schema))
    elif kind == "number":
        yield from _decimals(of("decimal"), schema, where, notes)
    elif kind == "boolean":
        yield of("bool")
    else:
        shown = kind or "oneOf or anyOf" if kind or {"oneOf", "anyOf"} & set(schema) else "any type"
        notes.append(f"{where}: {shown} is JSON here, without a schema")
        yield of("json")


def _strings(of: Any, schema: Json, where: str, notes: list[str]) -> Iterator[FieldParts]:
    name = str(schema.get("format") or "")
    if name in _FORMATS:
        yield of(_FORMATS[name])
        return
    if name == "decimal":
        yield from _decimals(of("decimal"), schema, where, notes)
        return
    if name in _UNUSUAL:
        notes.append(f"{where}: the format {name} is plain text here")
    longest = _number(schema.get("maxLength"))
    plain: FieldParts = of("str")
    if longest is None:
        notes.append(f"a text without a length has {_SHORT} characters at most here, or {_LONG_TEXT} where it is long")
        is_long = plain.name.text.rpartition("_")[2] in _LONG
        longest = Decimal(_LONG_TEXT if is_long else _SHORT)
    yield _text(of("text") if longest > MAX_STR else plain, {**schema, "maxLength": longest})


def _text(parts: FieldParts, schema: Json) -> FieldParts:
    lower, upper = int(_number(schema.get("minLength")) or 0), min(int(schema["maxLength"]), MAX_TEXT)
    return _bounded(parts, min(lower, upper), max(upper, 1))


def _int_range(schema: Json) -> tuple[int, int]:
    low, high = WIDE_INT_RANGE if schema.get("format") == "int64" else INT_RANGE
    least, greatest = _limits(schema, 1)
    lowest = low if least is None else max(math.ceil(least), WIDE_INT_RANGE[0])
    return lowest, high if greatest is None else min(math.floor(greatest), WIDE_INT_RANGE[1])


def _decimals(parts: FieldParts, schema: Json, where: str, notes: list[str]) -> Iterator[FieldParts]:
    step = _number(schema.get("multipleOf"))
    exponent = step.normalize().as_tuple().exponent if step else None
    scale = -exponent if isinstance(exponent, int) and -exponent in _SCALES else 6
    if step is None:
        notes.append(f"{where}: a number has 18 digits here, 6 of them after the point, and is a string in JSON")
    digits = replace(parts, precision=replace(parts.name, text="18"), scale=replace(parts.name, text=str(scale)))
    least, greatest = _limits(schema, 0)
    yield _bounded(digits, least, greatest)
    yield digits


def _limits(schema: Json, step: int) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and the greatest value; an exclusive bound of whole numbers is one further in."""
    ends: list[Decimal | None] = []
    for inclusive, exclusive, sign in (("minimum", "exclusiveMinimum", 1), ("maximum", "exclusiveMaximum", -1)):
        bound, strict = _number(schema.get(inclusive)), schema.get(exclusive)
        if strict is True and bound is not None:
            bound += sign * step
        elif not isinstance(strict, bool) and (limit := _number(strict)) is not None:
            bound = limit + sign * step
        ends.append(bound)
    return ends[0], ends[1]


def _number(value: object) -> Decimal | None:
    try:
        number = None if value is None or isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def _bounded(parts: FieldParts, lower: Decimal | int | None, upper: Decimal | int | None) -> FieldParts:
    def word(value: Decimal | int | None) -> Word | None:
        return None if value is None else replace(parts.name, text=f"{Decimal(value):f}")

    return replace(parts, bounds=Bounds(word(lower), word(upper)))
