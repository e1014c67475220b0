"""Two JSON schemas of an OpenAPI document, before and after, and what that means for those who call.

What a caller sends must still be accepted, so a request may widen; what a caller gets must still be what was promised,
so a response may narrow. The names of models do not matter: references are followed, in each document by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

Schema = Mapping[str, Any]
Side = Literal["request", "response"]
Severity = Literal["breaking", "warning", "note"]

_LOWER = ("minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties")
_UPPER = ("maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties")
_EXACT = ("pattern", "multipleOf")
_ANY = frozenset({"string", "number", "integer", "boolean", "object", "array"})
# The formats that clients parse; others only say what a text is about.
_PARSED = frozenset({"date", "date-time", "time", "duration", "uuid", "binary", "byte", "decimal"})
_SECRET = re.compile(
    r"^((hashed|encrypted)_?)?(password|passwd|passphrase|pw|secret|salt|private_key|api_key)(_?(hash|hashed|salt|digest))?$"
)


@dataclass(frozen=True)
class Difference:
    """One thing that differs; `where` leads to it from the outermost schema: `items[].price`."""

    rule: str
    severity: Severity
    where: str
    message: str


@dataclass
class Comparison:
    """Compares schemas of two documents on one side of an operation."""

    before: Schema
    after: Schema
    side: Side
    found: list[Difference] = field(default_factory=list[Difference])
    _open: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def compare(self, old: Schema, new: Schema, where: str) -> None:
        """Add what differs between two schemas."""
        pair = (_identity(old), _identity(new))
        if pair in self._open:
            return  # a model that contains itself
        self._open.add(pair)
        self._compare(_Shape.of(old, self.before), _Shape.of(new, self.after), where)
        self._open.discard(pair)

    def _compare(self, old: _Shape, new: _Shape, where: str) -> None:
        self._nullable(old, new, where)
        if not self._types(old, new, where):
            return
        if len(old.variants) == 1 and len(new.variants) == 1:
            self._values(old.variants[0], new.variants[0], where)
            self._bounds(old.variants[0], new.variants[0], where)
            self._inside(old.variants[0], new.variants[0], where)
        else:
            self._variants(old, new, where)

    def _add(self, rule: str, severity: Severity, where: str, message: str) -> None:
        self.found.append(Difference(f"{self.side}-{rule}", severity, where, message))

    def _nullable(self, old: _Shape, new: _Shape, where: str) -> None:
        if old.is_anything or new.is_anything:
            return
        if self.side == "request" and old.nullable and not new.nullable:
            self._add("not-nullable", "breaking", where, "null was accepted, and is not any more")
        elif self.side == "response" and new.nullable and not old.nullable:
            self._add("nullable", "breaking", where, "can be null now")

    def _types(self, old: _Shape, new: _Shape, where: str) -> bool:
        """Compare the JSON types, and tell whether it makes sense to look inside."""
        lost = old.types - new.types if self.side == "request" else new.types - old.types
        if "integer" in lost and "number" in (new.types if self.side == "request" else old.types):
            lost -= {"integer"}
        if not lost:
            return not (old.is_anything or new.is_anything)
        self._add("type-changed", "breaking", where, f"was {old.shown}, is {new.shown}")
        return False

    def _variants(self, old: _Shape, new: _Shape, where: str) -> None:
        known, now = ({_signature(one): one for one in shape.variants} for shape in (old, new))
        for name in [name for name in known if name in now]:
            self._inside(known[name], now[name], where)
        gone, come = [name for name in known if name not in now], [name for name in now if name not in known]
        if self.side == "request" and gone:
            self._add("variant-removed", "breaking", where, f"does not accept any more: {', '.join(gone)}")
        elif self.side == "response" and come:
            self._add("variant-added", "warning", where, f"can also be: {', '.join(come)}")

    def _values(self, old: Schema, new: Schema, where: str) -> None:
        known, now = _enum(old), _enum(new)
        if self.side == "request" and now is not None:
            if known is None:
                self._add("enum-added", "breaking", where, f"only these are accepted now: {', '.join(now)}")
            elif gone := [value for value in known if value not in now]:
                self._add("enum-value-removed", "breaking", where, f"does not accept any more: {', '.join(gone)}")
        elif self.side == "response" and known is not None:
            come = [value for value in now or ("other values",) if value not in known]
            if come:
                self._add("enum-value-added", "note", where, f"can also be: {', '.join(come)}")

    def _bounds(self, old: Schema, new: Schema, where: str) -> None:
        self._format(old, new, where)
        if self.side == "response":
            return
        tighter = [
            f"{name} {old.get(name, 'not set')} → {new[name]}"
            for names, sign in ((_LOWER, 1), (_UPPER, -1))
            for name in names
            if name in new and (name not in old or sign * (new[name] - old[name]) > 0)
        ]
        tighter += [f"{name} is now {new[name]}" for name in _EXACT if name in new and new[name] != old.get(name)]
        if tighter:
            self._add("narrowed", "breaking", where, ", ".join(tighter))
        if "default" in old and old["default"] != new.get("default", old["default"]):
            self._add("default-changed", "note", where, f"the default was {old['default']}, is {new.get('default')}")

    def _format(self, old: Schema, new: Schema, where: str) -> None:
        known, now = old.get("format"), new.get("format")
        if known == now:
            return
        harmful = now in _PARSED if self.side == "request" else known in _PARSED
        severity: Severity = "breaking" if harmful else "note"
        self._add("format-changed", severity, where, f"was {known or 'any text'}, is {now or 'any text'}")

    def _inside(self, old: Schema, new: Schema, where: str) -> None:
        if "properties" in old or "properties" in new:
            self._properties(old, new, where)
        if "items" in old and "items" in new:
            self.compare(old["items"], new["items"], f"{where}[]")
        rest, rest_now = old.get("additionalProperties"), new.get("additionalProperties")
        if isinstance(rest, Mapping) and isinstance(rest_now, Mapping):
            self.compare(_mapping(rest), _mapping(rest_now), f"{where}{{}}")
        elif self.side == "request" and rest_now is False and rest is not False:
            self._add("closed", "breaking", where, "fields that are not known were ignored, and are refused now")

    def _properties(self, old: Schema, new: Schema, where: str) -> None:
        known, now = _mapping(old.get("properties", {})), _mapping(new.get("properties", {}))
        required, required_now = set(old.get("required", ())), set(new.get("required", ()))
        for name in known:
            place = f"{where}.{name}".lstrip(".")
            if name not in now:
                self._removed(new, place)
                continue
            if self.side == "request" and name in required_now - required:
                self._add("field-required", "breaking", place, "was optional, is required")
            elif self.side == "response" and name in required - required_now:
                self._add("field-optional", "breaking", place, "was always there, may be absent now")
            self.compare(known[name], now[name], place)
        for name in now:
            if name not in known:
                self._added(now[name], f"{where}.{name}".lstrip("."), required=name in required_now)

    def _removed(self, owner: Schema, where: str) -> None:
        if self.side == "response":
            self._add("field-removed", "breaking", where, "is not returned any more")
        elif owner.get("additionalProperties") is False:
            self._add("field-removed", "breaking", where, "is refused now")
        else:
            self._add("field-removed", "warning", where, "is ignored now")

    def _added(self, schema: Schema, where: str, *, required: bool) -> None:
        if self.side == "request":
            rule = (
                ("required-field-added", "breaking", "is required") if required else ("field-added", "note", "is new")
            )
            self._add(rule[0], "breaking" if required else "note", where, rule[2])
        elif _is_secret(where, schema):
            self._add("secret-added", "breaking", where, "is returned now, and by its name it is a secret")
        else:
            self._add("field-added", "note", where, "is returned now")


@dataclass(frozen=True)
class _Shape:
    """A schema with its references followed and its unions spread out, null apart from the rest."""

    variants: tuple[Schema, ...]
    nullable: bool

    @classmethod
    def of(cls, schema: Schema, document: Schema) -> _Shape:
        spread = list(_spread(schema, document, 0))
        rest = tuple(one for one in spread if one.get("type") != "null")
        free = any(not _types_of(one) for one in rest)
        return cls(rest or ({},), free or not rest or len(rest) < len(spread))

    @property
    def types(self) -> frozenset[str]:
        found = [_types_of(one) for one in self.variants]
        return frozenset(name for one in found for name in one) if all(found) else _ANY

    @property
    def is_anything(self) -> bool:
        return self.types == _ANY

    @property
    def shown(self) -> str:
        return "anything" if self.is_anything else " or ".join(sorted(self.types))


def _spread(schema: Schema, document: Schema, depth: int) -> Iterator[Schema]:
    """Yield the alternatives of a schema."""
    schema = resolved(schema, document)
    for word in ("anyOf", "oneOf"):
        if word in schema and depth < 8:
            rest = {name: value for name, value in schema.items() if name not in (word, "title", "default")}
            for one in schema[word]:
                yield from _spread({**rest, **resolved(one, document)}, document, depth + 1)
            return
    if isinstance(schema.get("type"), list):
        for one in schema["type"]:
            yield {**schema, "type": one}
        return
    yield schema


def resolved(schema: Schema, document: Schema) -> Schema:
    """Return the schema that a reference leads to, with what stands beside the reference, and `allOf` put together."""
    for _step in range(16):
        name = schema.get("$ref")
        if not isinstance(name, str) or not name.startswith("#/"):
            break
        target: Any = document
        for step in name[2:].split("/"):
            target = target.get(step.replace("~1", "/").replace("~0", "~"), {})
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    return _merged(schema, document) if "allOf" in schema else schema


def _merged(schema: Schema, document: Schema) -> Schema:
    merged: dict[str, Any] = {}
    for one in [*schema["allOf"], {name: value for name, value in schema.items() if name != "allOf"}]:
        part = resolved(one, document)
        properties = {**merged.get("properties", {}), **part.get("properties", {})}
        required = [*merged.get("required", ()), *part.get("required", ())]
        merged |= part
        merged |= {"properties": properties} if properties else {}
        merged |= {"required": required} if required else {}
    return merged


def _mapping(value: Any) -> Schema:
    return cast("Schema", value) if isinstance(value, Mapping) else {}


def _identity(schema: Schema) -> str:
    return str(schema.get("$ref") or id(schema))


def _types_of(schema: Schema) -> frozenset[str]:
    if isinstance(kind := schema.get("type"), str):
        return frozenset({kind})
    if "properties" in schema:
        return frozenset({"object"})
    values: Sequence[Any] = schema.get("enum", [schema["const"]] if "const" in schema else [])
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return frozenset(names[type(value)] for value in values if type(value) in names)


def _enum(schema: Schema) -> list[str] | None:
    values = schema.get("enum", [schema["const"]] if "const" in schema else None)
    return None if values is None else [value if isinstance(value, str) else json.dumps(value) for value in values]


def _signature(schema: Schema) -> str:
    """Return what tells the alternatives of a union apart."""
    kind = " or ".join(sorted(_types_of(schema))) or "anything"
    if kind == "object":
        return str(schema.get("title") or ", ".join(_mapping(schema.get("properties"))) or kind)
    values = _enum(schema)
    return f"{kind} ({', '.join(values)})" if values else " ".join(filter(None, (kind, schema.get("format"))))


def _is_secret(where: str, schema: Schema) -> bool:
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", where.rpartition(".")[2]).lower()
    return bool(_SECRET.match(name)) and not schema.get("writeOnly")
