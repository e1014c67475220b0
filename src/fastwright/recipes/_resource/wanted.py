"""What somebody wants of a resource, checked as a design: names that are free, types with sensible bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import inflection
from pydantic import BaseModel, ConfigDict

from fastwright.design.model import FieldType, Resource
from fastwright.design.naming import snake
from fastwright.design.shorthand import read_shorthand
from fastwright.errors import InputError

_TARGET = re.compile(r"->\s*(\w+)")
_HAS_MANY = re.compile(r"(?<=\s)([a-z]\w*):<-\s*(\w+)")
_TYPES = {"float": "decimal(12,4)", "decimal": "decimal(12,2)"}
_BOUNDED = frozenset({"str", "text", "int"})


class FieldWish(BaseModel):
    """A field, as a plan names it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    type: str = "str"
    required: bool = True
    unique: bool = False
    min: int | float | None = None
    max: int | float | None = None

    @property
    def shorthand(self) -> str:
        kind = _TYPES.get(self.type, self.type)
        if self.type in _BOUNDED and (self.min is not None or self.max is not None):
            low, high = ("" if one is None else f"{one:g}" for one in (self.min, self.max))
            kind += f"({low}..{high})"
        elif self.type in _TYPES and (self.min is not None or self.max is not None):
            low, high = ("" if one is None else f"{one:g}" for one in (self.min, self.max))
            kind = f"{kind[:-1]},{low}..{high})"
        return f"{self.name}:{kind}{'!' if self.unique else ''}{'' if self.required else '?'}"


class RelationWish(BaseModel):
    """A relation to a model of the app, as a plan names it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: str
    kind: Literal["many-to-one", "one-to-many", "many-to-many"] = "many-to-one"
    required: bool = True

    @property
    def shorthand(self) -> str:
        if self.kind == "many-to-one":
            return f"{snake(self.to)}:->{self.to}{'' if self.required else '?'}"
        return f"{inflection.pluralize(snake(self.to))}:{'<->' if self.kind == 'many-to-many' else '<-'}{self.to}"


@dataclass(frozen=True)
class Wanted:
    """A resource, and the relations by which rows that are there belong to one of it: their names and models."""

    resource: Resource
    has_many: tuple[tuple[str, str], ...]


def shorthand_of(resource: str, fields: tuple[FieldWish, ...], relations: tuple[RelationWish, ...]) -> str:
    """Return the one text that says all of it."""
    told = [field.shorthand for field in fields]
    told += [one.shorthand for one in relations]
    return " ".join([resource, *told])


def wanted_resource(text: str, models: frozenset[str]) -> Wanted:
    """Return the resource that a shorthand describes. Raises `InputError` where it is wrong, or points at nothing."""
    has_many = tuple((name, target) for name, target in _HAS_MANY.findall(text))
    text = _HAS_MANY.sub("", text)
    name = text.split(maxsplit=1)[0] if text.strip() else ""
    targets = {target for target in _TARGET.findall(text) if target != name}
    unknown = sorted({*targets, *(target for _name, target in has_many)} - models)
    if unknown:
        listed = ", ".join(sorted(models)) or "none"
        raise InputError(f"this app has no model {unknown[0]}", hint=f"its models are: {listed}")
    if name in models:
        raise InputError(f"this app has a model {name} already", hint="choose another name")
    _check_many(has_many, text)
    design = read_shorthand("resources", [text, *(f"{target} stand_in:str?" for target in sorted(targets - {"User"}))])
    resource = design.resources[0]
    if resource.soft_delete or any(field.type is FieldType.FILE for field in resource.fields):
        hint = "leave it out, or make the backend with `fastwright new`"
        raise InputError("soft delete and files are for new backends: an app that is there has its own way", hint=hint)
    return Wanted(resource, has_many)


def _check_many(has_many: tuple[tuple[str, str], ...], text: str) -> None:
    """Raise `InputError` if a row would be related to others in two ways, or if two members had one name."""
    for name, target in has_many:
        if re.search(rf"->\s*{target}\b", text) or [target for _name, target in has_many].count(target) > 1:
            raise InputError(f"{name} is a second relation to {target}", hint="leave one of the two out")
        if re.search(rf"(^|\s){name}:", text):
            raise InputError(f"{name} is there twice", hint="call one of the two otherwise")
