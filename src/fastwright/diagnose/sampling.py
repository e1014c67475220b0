"""Valid values from a JSON schema: plausible ones, by the name of the field where the schema leaves it open."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import JsonValue

from fastwright.diagnose.answers import Schema
from fastwright.diagnose.patterns import matching
from fastwright.diagnose.plausible import FORMATS, by_name

_DEEPEST = 8


@dataclass(frozen=True)
class Sampler:
    """Makes values for schemas that refer to `definitions`; `full` also fills what may be left out."""

    definitions: Mapping[str, Schema] = field(default_factory=dict[str, Schema])
    full: bool = False

    def sample(self, schema: Schema | None, name: str = "", depth: int = 0) -> JsonValue:
        """Return a value that the schema allows."""
        schema = self.resolved(schema or {})
        for known in ("const", "default"):
            if known in schema and schema[known] is not None:
                return cast("JsonValue", schema[known])
        for known in ("examples", "enum"):
            if schema.get(known) and isinstance(schema[known], list):
                return cast("JsonValue", schema[known][0])
        branch = self._branch(schema)
        if branch is not None:
            return self.sample(branch, name, depth)
        return self._typed(schema, name, depth)

    def resolved(self, schema: Schema) -> Schema:
        """Return the schema that a reference leads to, with what stands beside the reference."""
        for _step in range(_DEEPEST):
            reference = schema.get("$ref")
            if reference is None and len(schema.get("allOf", ())) == 1:
                schema = {**schema["allOf"][0], **{key: one for key, one in schema.items() if key != "allOf"}}
                continue
            if reference is None:
                return schema
            beside = {key: one for key, one in schema.items() if key != "$ref"}
            schema = {**self.definitions.get(str(reference).rpartition("/")[2], {}), **beside}
        return schema

    def alternative(self, schema: Schema, value: object) -> Schema:
        """Return the alternative of a schema that has the type of a value, or else the first that is not null."""
        schema = self.resolved(schema)
        choices = [self.resolved(one) for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ()))]
        if not choices or "discriminator" in schema:
            return schema
        others = [one for one in choices if one.get("type") != "null"] or choices
        alike = [one for one in others if one.get("type") in type_names(value)]
        beside = {key: one for key, one in schema.items() if key not in ("anyOf", "oneOf", "default")}
        return {**self.alternative((alike or others)[0], value), **beside}

    def below(self, schema: Schema, key: object) -> Schema:
        """Return the schema of what is at a key, or of every item."""
        schema = self.resolved(schema)
        choices = (self.resolved(choice) for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ())))
        for one in (schema, *choices):
            properties: dict[str, Schema] = one.get("properties", {})
            if isinstance(key, str) and key in properties:
                return properties[key]
            if isinstance(key, int) and "prefixItems" in one:
                return cast("Schema", one["prefixItems"][min(key, len(one["prefixItems"]) - 1)])
            inner = one.get("items") if isinstance(key, int) else one.get("additionalProperties")
            if isinstance(inner, dict):
                return cast("Schema", inner)
        return {}

    def _branch(self, schema: Schema) -> Schema | None:
        """Return the first alternative that is not null."""
        for key in ("oneOf", "anyOf"):
            choices: list[Schema] = [self.resolved(one) for one in schema.get(key, ())]
            if choices:
                return next((one for one in choices if one.get("type") != "null"), choices[0])
        return None

    def _typed(self, schema: Schema, name: str, depth: int) -> JsonValue:  # noqa: PLR0911 - one a type
        match schema.get("type"):
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, name, depth)
            case "integer":
                return _number(schema, whole=True)
            case "number":
                return _number(schema, whole=False)
            case "boolean":
                return True
            case "null":
                return None
            case "string":
                return text(schema, name)
            case _:
                return self._object(schema, depth) if "properties" in schema else "sample"

    def _object(self, schema: Schema, depth: int) -> JsonValue:
        required = set(schema.get("required", ()))
        properties: dict[str, Schema] = schema.get("properties", {})
        wanted = [key for key in properties if key in required or (self.full and depth < 3)]
        found: dict[str, JsonValue] = {}
        if depth < _DEEPEST:
            found = {key: self.sample(properties[key], key, depth + 1) for key in wanted}
        values = schema.get("additionalProperties")
        if isinstance(values, dict) and (self.full or schema.get("minProperties")) and not properties:
            for number in range(max(1, int(schema.get("minProperties", 1)))):
                found[f"key{number or ''}"] = self.sample(cast("Schema", values), "value", depth + 1)
        return found

    def _array(self, schema: Schema, name: str, depth: int) -> JsonValue:
        if "prefixItems" in schema:
            return [self.sample(one, name, depth + 1) for one in schema["prefixItems"]]
        count = int(schema.get("minItems", 0))
        if self.full and depth < 3:
            count = max(count, 1)
        items: list[JsonValue] = []
        for number in range(count):
            item = self.sample(schema.get("items"), name.removesuffix("s"), depth + 1)
            if schema.get("uniqueItems") and item in items:
                item = another(item, number)
            items.append(item)
        return items


def type_names(value: object) -> tuple[str, ...]:
    """Return what JSON schema calls the type of a value."""
    if isinstance(value, bool):
        return ("boolean",)
    if isinstance(value, int):
        return ("integer", "number")
    names: dict[str, str] = {"float": "number", "str": "string", "list": "array", "dict": "object", "NoneType": "null"}
    return (names.get(type(value).__name__, "object"),)


def another(value: JsonValue, number: int) -> JsonValue:
    """Return a value that differs from one that is there already."""
    if isinstance(value, str):
        return f"{value}{number}"
    return value + number if isinstance(value, int | float) else value


def text(schema: Schema, name: str) -> str:
    """Return a text that the schema allows."""
    kind = str(schema.get("format", ""))
    low, high = int(schema.get("minLength", 0)), schema.get("maxLength")
    if schema.get("pattern"):
        found = by_name(name)
        return matching(str(schema["pattern"]), low, high, found)
    found = FORMATS.get(kind) or by_name(name)
    if len(found) < low:
        found += "x" * (low - len(found))
    if high is not None and len(found) > high and kind not in FORMATS:
        found = found[: int(high)]
    return found


def _number(schema: Schema, *, whole: bool) -> JsonValue:
    low = _low(schema, whole=whole)
    high = _high(schema, whole=whole)
    step: Any = schema.get("multipleOf")
    value: float = low if low is not None else (high if high is not None and high < 1 else 1)
    if low is not None and high is not None and not whole and not low <= value <= high:
        value = (low + high) / 2
    if step:
        value = math.ceil(value / step) * step
    return int(value) if whole or float(value).is_integer() else value


def _low(schema: Schema, *, whole: bool) -> float | None:
    if "minimum" in schema:
        return schema["minimum"]
    if "exclusiveMinimum" in schema:
        bound = schema["exclusiveMinimum"]
        room = _high(schema, whole=whole)
        return bound + 1 if whole or room is None or bound + 1 <= room else (bound + room) / 2
    return None


def _high(schema: Schema, *, whole: bool) -> float | None:
    if "maximum" in schema:
        return schema["maximum"]
    if "exclusiveMaximum" in schema:
        return schema["exclusiveMaximum"] - (1 if whole else 0.5)
    return None
