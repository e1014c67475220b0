"""What somebody wants of a resource, checked as a design: names that are free, types with sensible bounds."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict

from fastwright.design.model import Resource
from fastwright.design.naming import snake
from fastwright.design.shorthand import read_shorthand
from fastwright.errors import InputError

_TARGET = re.compile(r"->\s*(\w+)")
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


def shorthand_of(resource: str, fields: tuple[FieldWish, ...], relations: tuple[RelationWish, ...]) -> str:
    """Return the one text that says all of it."""
    told = [field.shorthand for field in fields]
    told += [f"{snake(one.to)}:->{one.to}{'' if one.required else '?'}" for one in relations]
    return " ".join([resource, *told])


def wanted_resource(text: str, models: frozenset[str]) -> Resource:
    """Return the resource that a shorthand describes. Raises `InputError` where it is wrong, or points at nothing."""
    name = text.split(maxsplit=1)[0] if text.strip() else ""
    targets = {target for target in _TARGET.findall(text) if target != name}
    unknown = sorted(targets - models)
    if unknown:
        listed = ", ".join(sorted(models)) or "none"
        raise InputError(f"this app has no model {unknown[0]}", hint=f"its models are: {listed}")
    if name in models:
        raise InputError(f"this app has a model {name} already", hint="choose another name")
    design = read_shorthand("resources", [text, *(f"{target} stand_in:str?" for target in sorted(targets - {"User"}))])
    return design.resources[0]
