"""The parameters of an operation and the fields of models, with their JSON schemas."""

from __future__ import annotations

import dataclasses
import inspect
import typing
from collections.abc import Iterator
from typing import Any

from fastwright.project.probe.foreign import foreign

PARTS = ("path", "query", "header", "cookie", "body")


@dataclasses.dataclass(frozen=True)
class Field:
    """A parameter: the part of the request that it is in, and the function that declares it.

    `is_whole` says that it is not a value in its part, but all of it: a body that is not embedded, a model of queries.
    """

    part: str
    name: str
    alias: str
    info: Any
    owner: Any
    is_whole: bool


def every_field(dependant: Any) -> Iterator[Field]:
    """Yield the parameters of an operation, those of its dependencies included."""
    raw = [(part, field, owner) for part, field, owner in _walk(dependant)]
    bodies = {field.alias for part, field, _owner in raw if part == "body"}
    seen: set[tuple[str, str]] = set()
    for part, field, owner in raw:
        if (part, field.alias) in seen:
            continue
        seen.add((part, field.alias))
        is_whole = _is_whole_body(field, bodies) if part == "body" else is_model(field.field_info.annotation)
        yield Field(part, field.name, field.alias, field.field_info, owner, is_whole)


def _walk(dependant: Any) -> Iterator[tuple[str, Any, Any]]:
    for part in PARTS:
        for field in getattr(dependant, f"{part}_params", ()):
            yield part, field, dependant.call
    for below in dependant.dependencies:
        yield from _walk(below)


def _is_whole_body(field: Any, bodies: set[str]) -> bool:
    """Tell whether this is all of the body: the only one, and neither embedded nor a single value of a form."""
    if len(bodies) > 1 or getattr(field.field_info, "embed", None):
        return False
    is_form = isinstance(field.field_info, foreign("fastapi.params").Form)
    return not is_form or is_model(field.field_info.annotation)


def is_model(annotation: Any) -> bool:
    """Tell whether a type is a model, or optionally one."""
    inner = [one for one in typing.get_args(annotation) if one is not type(None)] if typing.get_args(annotation) else []
    kinds = inner if len(inner) == 1 and type(None) in typing.get_args(annotation) else [annotation]
    return all(inspect.isclass(one) and hasattr(one, "model_fields") for one in kinds)


def field_info(kind: type, key: str) -> tuple[str, Any] | None:
    """Return the name and the description of a field, by its name or its alias."""
    fields: Any = getattr(kind, "model_fields", None) or getattr(kind, "__pydantic_fields__", None)
    if not isinstance(fields, dict):
        fields = _plain_fields(kind)
    known: dict[str, Any] = fields  # pyright: ignore[reportUnknownVariableType]
    for name, info in known.items():
        alias: Any = getattr(info, "validation_alias", None)
        if key in (name, alias, getattr(info, "alias", None), *getattr(alias, "choices", ())):
            return name, info
    return None


def _plain_fields(kind: Any) -> dict[str, Any]:
    """Return the fields of a dataclass or a typed dictionary."""
    if not (dataclasses.is_dataclass(kind) or hasattr(kind, "__required_keys__")):
        return {}
    try:
        hints = typing.get_type_hints(kind, include_extras=True)
    except Exception:  # noqa: BLE001 - names that exist for type checkers alone
        return {}
    make = foreign("pydantic.fields").FieldInfo.from_annotation
    return {name: make(hint) for name, hint in hints.items()}


def schema_of(annotation: Any, info: Any) -> dict[str, Any] | None:
    """Return the JSON schema of a type with its constraints, or nothing if it has none."""
    adapter = foreign("pydantic").TypeAdapter
    whole = annotation if info is None else typing.Annotated[annotation, info]
    for kind in (whole, annotation):
        try:
            schema: dict[str, Any] = adapter(kind).json_schema(mode="validation")
        except Exception:  # noqa: BLE001, S112 - types that JSON does not know
            continue
        return schema
    return None
