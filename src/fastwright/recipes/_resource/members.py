"""The members of a resource: the column of each, its type in bodies and answers, and values to try it with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from fastwright.design.model import Field, FieldType
from fastwright.design.naming import snake
from fastwright.recipes._code.columns import Column, Kind

_KINDS: dict[FieldType, Kind] = {
    FieldType.STR: "str",
    FieldType.TEXT: "text",
    FieldType.INT: "int",
    FieldType.DECIMAL: "decimal",
    FieldType.BOOL: "bool",
    FieldType.DATE: "date",
    FieldType.DATETIME: "datetime",
    FieldType.UUID: "uuid",
    FieldType.ENUM: "str",
    FieldType.JSON: "json",
    FieldType.EMAIL: "str",
    FieldType.URL: "str",
}
_LENGTHS = {FieldType.EMAIL: 254, FieldType.URL: 2083}
_SAMPLES: dict[FieldType, tuple[Any, Any]] = {
    FieldType.BOOL: (True, False),
    FieldType.DATE: ("2026-01-31", "2026-02-28"),
    FieldType.DATETIME: ("2026-01-31T12:00:00Z", "2026-02-28T12:00:00Z"),
    FieldType.UUID: ("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"),
    FieldType.JSON: ({"key": "value"}, {"key": "other"}),
    FieldType.EMAIL: ("ada@example.com", "grace@example.com"),
    FieldType.URL: ("https://example.com/a", "https://example.com/b"),
}
# What a class is, and not what it stands for: `PostModel`, `PostORM`.
_KIND = re.compile(r"_(model|orm|entity|table)$")


@dataclass(frozen=True)
class Member:
    """A field, or the key of a relation, which is then one of `target`.

    The rows that it may point at belong to the caller if there is a `target_owner`. `sample` and `other` are values
    that it takes, `wrongs` are some that it does not.
    """

    name: str
    column: Column
    type: str
    constraints: tuple[str, ...]
    required: bool
    default: str
    sample: Any
    other: Any
    wrongs: tuple[Any, ...]
    target: str = ""
    target_key: str = ""
    target_owner: str = ""

    @property
    def target_words(self) -> str:
        return _KIND.sub("", snake(self.target)).replace("_", " ")

    @property
    def create(self) -> str:
        """The member of a body that makes a row."""
        if self.required and not self.default:
            return self._written(self.type, "")
        return self._written(self.type if self.default else f"{self.type} | None", self.default or "None")

    @property
    def update(self) -> str:
        """The member of a body that changes a row; what is not sent stays as it is."""
        return self._written(self.type if self.required else f"{self.type} | None", "None", is_unsaid=self.required)

    @property
    def read(self) -> str:
        """The member of an answer."""
        return f"{self.name}: {self.type}{'' if self.required else ' | None'}"

    def _written(self, kind: str, default: str, *, is_unsaid: bool = False) -> str:
        kind = f"{kind} | None" if is_unsaid else kind
        if not self.constraints:
            return f"{self.name}: {kind}" + (f" = {default}" if default else "")
        given = [f"default={default}"] if default else []
        return f"{self.name}: {kind} = Field({', '.join([*given, *self.constraints])})"


def member(field: Field) -> Member:
    """Return a field as a member."""
    kind = _KINDS[field.type]
    length = field.max_length or _LENGTHS.get(field.type, 0) or max((len(value) for value in field.values), default=0)
    column = Column(
        field.name,
        kind,
        length=length if kind == "str" else 0,
        precision=field.precision or 0,
        scale=field.scale or 0,
        nullable=not field.required,
        unique=field.unique,
    )
    sample, other = _samples(field)
    return Member(
        name=field.name,
        column=column,
        type=_type(field),
        constraints=tuple(_constraints(field)),
        required=field.required,
        default="" if field.default is None else repr(field.default) if not _is_number(field) else str(field.default),
        sample=sample,
        other=other,
        wrongs=_wrongs(field),
    )


def _is_number(field: Field) -> bool:
    return field.type in (FieldType.INT, FieldType.BOOL)


def _type(field: Field) -> str:
    match field.type:
        case FieldType.ENUM:
            return f"Literal{list(field.values)}"
        case FieldType.JSON:
            return "dict[str, Any]"
        case FieldType.STR | FieldType.TEXT | FieldType.EMAIL | FieldType.URL:
            return "str"
        case FieldType.DECIMAL:
            return "Decimal"
        case FieldType.UUID:
            return "UUID"
        case _:
            return str(field.type)


def _constraints(field: Field) -> list[str]:
    if field.type is FieldType.EMAIL:
        return ["max_length=254", r'pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"']
    if field.type is FieldType.URL:
        return ["max_length=2083", r'pattern=r"^https?://\S+$"']
    bounds = {
        "min_length": field.min_length,
        "max_length": field.max_length,
        "ge": field.minimum,
        "le": field.maximum,
        "max_digits": field.precision,
        "decimal_places": field.scale,
    }
    numbers = {name: value for name, value in bounds.items() if value is not None}
    is_exact = field.type is FieldType.DECIMAL
    return [
        f'{name}=Decimal("{value}")' if is_exact and name in ("ge", "le") else f"{name}={value}"
        for name, value in numbers.items()
    ]


def _samples(field: Field) -> tuple[Any, Any]:
    if field.type in _SAMPLES:
        return _SAMPLES[field.type]
    if field.type is FieldType.ENUM:
        return field.values[0], field.values[-1]
    if field.type is FieldType.INT:
        low = int(field.minimum or 0)
        return low, min(low + 1, int(field.maximum if field.maximum is not None else low + 1))
    if field.type is FieldType.DECIMAL:
        low = field.minimum or 0
        return str(low), str(low if field.maximum is not None and field.maximum <= low else low + 1)
    longest = field.max_length or 20
    shortest = field.min_length or 0
    return tuple((f"{word} " * (shortest // 4 + 2))[: max(shortest, min(longest, 8))] for word in ("some", "else"))  # type: ignore[return-value]


def _wrongs(field: Field) -> tuple[Any, ...]:
    """Return what is no such value: of another type, and beyond each of its bounds."""
    if field.type in (FieldType.STR, FieldType.TEXT):
        short = ("",) if field.min_length else ()
        return ("x" * ((field.max_length or 0) + 1), *short)
    if field.type in (FieldType.INT, FieldType.DECIMAL):
        below = () if field.minimum is None else (str(field.minimum - 1),)
        above = () if field.maximum is None else (str(field.maximum + 1),)
        return ("not-a-number", *below, *above)
    return ("nothing-of-the-kind",)
