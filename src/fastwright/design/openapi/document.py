"""An OpenAPI document, or a Swagger 2.0 one: its schemas, its operations, and what references lead to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from fastwright.design import naming
from fastwright.design.source import Spot

Json = Mapping[str, Any]
METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
MAX_BYTES = 32 * 1024 * 1024
_MAX_STEPS = 32
_SUFFIX = re.compile(r"(Response|Dto|DTO|Read|Output|Out|Full|Base|Compact|Ref|Reference)$")
_HINT = "name an OpenAPI 3 or Swagger 2 document, in JSON or YAML"
_NOTHING: Json = {}


@dataclass(frozen=True)
class Operation:
    """One method of one path, with the parameters that all methods of the path have."""

    method: str
    path: str
    data: Json
    parameters: tuple[Json, ...]

    @property
    def shown(self) -> str:
        return f"{self.method.upper()} {self.path}"


@dataclass(frozen=True)
class Document:
    """What was read. References are followed inside of it only."""

    data: Json

    @property
    def schemas(self) -> Json:
        components = mapping(self.data.get("components"))
        return mapping(components.get("schemas")) or mapping(self.data.get("definitions"))

    def operations(self) -> Iterator[Operation]:
        for path, item in mapping(self.data.get("paths")).items():
            shared = self.resolved(item)
            for method in METHODS:
                if method in shared:
                    data = mapping(shared[method])
                    both = (*listing(shared.get("parameters")), *listing(data.get("parameters")))
                    yield Operation(method, path, data, tuple(self.resolved(one) for one in both))

    def resolved(self, node: Any) -> Json:
        """Return what a node is once its references are followed."""
        found = mapping(node)
        for _step in range(_MAX_STEPS):
            if "$ref" not in found:
                return found
            rest = {key: value for key, value in found.items() if key != "$ref"}
            found = {**self._target(str(found["$ref"])), **rest}
        return _NOTHING

    def schema(self, node: Any, depth: int = 0) -> Json:
        """Return a schema with its references followed, `allOf` put together, and null told by `nullable`."""
        found = self.resolved(node)
        if depth > _MAX_STEPS:
            return _NOTHING
        merged: dict[str, Any] = {}
        own = {key: found[key] for key in found if key != "allOf"}
        for one in (*(self.schema(part, depth + 1) for part in listing(found.get("allOf"))), own):
            properties = {**mapping(merged.get("properties")), **mapping(one.get("properties"))}
            required = [*listing(merged.get("required")), *listing(one.get("required"))]
            merged |= one
            merged |= {"properties": properties} if properties else {}
            merged |= {"required": required} if required else {}
        return self._without_null(merged, depth)

    def name_of(self, node: Any) -> str:
        """Return the name of the schema that a node refers to, also where it stands alone in `allOf`."""
        found = mapping(node)
        alone = [*listing(found.get("allOf")), *listing(found.get("oneOf")), *listing(found.get("anyOf"))]
        rest = [one for one in alone if mapping(one).get("type") != "null"]
        if "$ref" not in found and len(rest) == 1:
            found = mapping(rest[0])
        reference = str(found.get("$ref", ""))
        return reference.rpartition("/")[2] if "/schemas/" in reference or "/definitions/" in reference else ""

    def _target(self, reference: str) -> Json:
        target: Any = self.data
        if not reference.startswith("#/"):
            return _NOTHING
        for step in reference[2:].split("/"):
            target = mapping(target).get(step.replace("~1", "/").replace("~0", "~"))
        return mapping(target)

    def _without_null(self, schema: dict[str, Any], depth: int) -> Json:
        """Return a schema that may be null as one that is not, with `nullable`."""
        kinds = schema.get("type")
        if isinstance(kinds, list):
            rest = [kind for kind in cast("list[Any]", kinds) if kind != "null"]
            schema |= {"type": rest[0] if len(rest) == 1 else None}
            schema |= {"nullable": True} if len(rest) < len(cast("list[Any]", kinds)) else {}
        for word in ("anyOf", "oneOf"):
            choices = listing(schema.get(word))
            rest = [one for one in choices if mapping(one).get("type") != "null"]
            if len(rest) == 1:
                outer = {key: value for key, value in schema.items() if key != word}
                inner = self.schema(rest[0], depth + 1)
                return {**inner, **outer, **({"nullable": True} if len(rest) < len(choices) else {})}
        return schema


def load(path: Path) -> Document:
    """Return the document in a file. Raises `DesignError` if it is none."""
    spot = Spot(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise spot.fault(f"the document cannot be read: {error.strerror or error}", hint=_HINT) from None
    if len(data) > MAX_BYTES:
        raise spot.fault("the document is larger than 32 MiB", hint="split it into several backends")
    try:
        text = data.decode("utf-8-sig")
        found: Any = json.loads(text) if text.lstrip().startswith("{") else yaml.load(text, Loader=_Loader)  # noqa: S506
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        first = str(error).partition("\n")[0]
        raise spot.fault(f"this is neither JSON nor YAML: {first}", hint=_HINT) from None
    document = mapping(found)
    if not ({"openapi", "swagger"} & set(document)) or "paths" not in document:
        raise spot.fault("this is no OpenAPI document: it has no `openapi` and `paths`", hint=_HINT)
    return Document(document)


def resource_of(name: str) -> str:
    """Return what a schema shows by its name: `BookRead` and `BookRef` are a `Book`."""
    plain = _SUFFIX.sub("", name.rpartition(".")[2]) or name
    return naming.pascal(naming.singular(plain)) if plain else ""


def mapping(value: Any) -> Json:
    return cast("Json", value) if isinstance(value, Mapping) else _NOTHING


def listing(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads dates as the text that they are."""


_Loader.yaml_implicit_resolvers = {  # pyright: ignore[reportUnknownMemberType]
    sign: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
}
