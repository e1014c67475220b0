"""One field, from the words that describe it to a checked `Field`.

Both ways of writing a field, shorthand and long form, become `FieldParts`; `make_field` alone decides what is allowed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypedDict

from fastwright.design import bounds, defaults, files
from fastwright.design.bounds import Bounds
from fastwright.design.draft import FieldDraft
from fastwright.design.enums import check_values
from fastwright.design.model import Field, FieldType
from fastwright.design.source import Word, did_you_mean
from fastwright.design.spec import FieldSpec
from fastwright.design.versions import check_spanned, parse_span

# PostgreSQL cannot index a value of more than about 2700 bytes, and a character may take four.
MAX_UNIQUE_LENGTH = 500
# With fewer values than this, a unique field would be a bound on the number of rows, and hardly a wanted one.
MIN_UNIQUE_VALUES = 100
FOREIGN_TYPES = {
    "array": "json",
    "bigint": "int",
    "blob": "file",
    "boolean": "bool",
    "char": "str",
    "choice": "enum",
    "currency": "decimal",
    "double": "decimal",
    "float": "decimal",
    "guid": "uuid",
    "integer": "int",
    "jsonb": "json",
    "link": "url",
    "longtext": "text",
    "money": "decimal",
    "number": "int",
    "numeric": "decimal",
    "object": "json",
    "string": "str",
    "timestamp": "datetime",
    "uri": "url",
    "varchar": "str",
}
_TYPE_NAMES = frozenset(kind.value for kind in FieldType)
_NO_BOUNDS = Bounds()
_NOT_UNIQUE = {
    FieldType.BOOL: "only two rows could exist",
    FieldType.ENUM: "only as many rows as values could exist",
    FieldType.FILE: "files are not compared",
    FieldType.JSON: "JSON values cannot be compared",
    FieldType.TEXT: "long texts cannot be indexed",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldParts:
    """What was written about a field; `None` is "not written"."""

    name: Word
    type: Word
    required: bool = True
    unique: Word | None = None
    default: Word | None = None
    bounds: Bounds = _NO_BOUNDS
    precision: Word | None = None
    scale: Word | None = None
    values: tuple[Word, ...] | None = None
    content_types: tuple[Word, ...] | None = None
    max_size: Word | None = None
    span: Word | None = None
    description: str = ""


class _Limits(TypedDict, total=False):
    min_length: int | None
    max_length: int | None
    minimum: Decimal | None
    maximum: Decimal | None
    precision: int
    scale: int
    values: tuple[str, ...]
    content_types: tuple[str, ...]
    max_bytes: int


def parse_type(word: Word) -> FieldType:
    if word.text in _TYPE_NAMES:
        return FieldType(word.text)
    known = FOREIGN_TYPES.get(word.text.casefold())
    hint = f"did you mean `{known}`?" if known else did_you_mean(word.text, list(FieldType))
    raise word.fault(f"there is no type `{word.text}`", hint=hint)


def parts_of(name: Word, spec: FieldSpec) -> FieldParts:
    """Return the parts of a shorthand, its arguments taken apart as its type asks for."""
    parts = FieldParts(
        name=name,
        type=spec.type,
        required=spec.optional is None,
        unique=spec.unique,
        default=spec.default,
        span=spec.span,
    )
    if spec.arguments is None:
        return parts
    kind = parse_type(spec.type)
    if not spec.arguments.text.strip():
        raise spec.arguments.fault("the parentheses are empty", hint=f"write just `{kind}`, or fill them")
    if kind in {FieldType.STR, FieldType.TEXT, FieldType.INT}:
        return replace(parts, bounds=bounds.parse_bounds(spec.arguments, f"{kind}(1..100)"))
    if kind is FieldType.DECIMAL:
        return _decimal_parts(parts, spec.arguments)
    if kind is FieldType.ENUM:
        return replace(parts, values=tuple(word.stripped() for word in split(spec.arguments, "|")))
    if kind is FieldType.FILE:
        return _file_parts(parts, spec.arguments)
    raise spec.arguments.fault(f"`{kind}` takes nothing in parentheses", hint=f"write just `{kind}`")


def split(word: Word, separator: str) -> list[Word]:
    """Return what stands between the separators, each part at its place."""
    parts: list[Word] = []
    start = 0
    for text in word.text.split(separator):
        parts.append(word.part(start, start + len(text)))
        start += len(text) + len(separator)
    return parts


def _file_parts(parts: FieldParts, arguments: Word) -> FieldParts:
    kinds, *size = split(arguments, ",")
    if len(size) > 1:
        raise arguments.fault(f"`file({arguments.text})` is not understood", hint=f"write `{files.FILE_EXAMPLE}`")
    content_types = tuple(word.stripped() for word in split(kinds, "|"))
    return replace(parts, content_types=content_types, max_size=size[0].stripped() if size else None)


def _decimal_parts(parts: FieldParts, arguments: Word) -> FieldParts:
    words = [word.stripped() for word in split(arguments, ",")]
    if len(words) not in {2, 3}:
        raise arguments.fault(
            f"`decimal({arguments.text})` needs precision and scale",
            hint="write `decimal(10,2)` or, with bounds, `decimal(10,2,0..999)`",
        )
    limits = bounds.parse_bounds(words[2], "decimal(10,2,0..999)") if len(words) == 3 else Bounds()
    return replace(parts, precision=words[0], scale=words[1], bounds=limits)


def make_field(parts: FieldParts) -> FieldDraft:
    """Return the field that `parts` describe, or say what is wrong with it."""
    kind = parse_type(parts.type)
    _check_belongs(parts, kind)
    limits = _LIMITS.get(kind, _no_limits)(parts)
    span = parse_span(parts.span)
    field = Field(
        name=parts.name.text,
        type=kind,
        required=parts.required,
        unique=parts.unique is not None,
        description=parts.description,
        since=span.since,
        until=span.until,
        **limits,
    )
    if parts.span:
        check_spanned(FieldDraft(name=parts.name, field=field), parts.name)
    _check_unique(parts, field)
    if parts.default is None:
        return FieldDraft(name=parts.name, field=field)
    return FieldDraft(
        name=parts.name, field=field.model_copy(update={"default": defaults.parse_default(parts.default, field)})
    )


def _check_belongs(parts: FieldParts, kind: FieldType) -> None:
    """Refuse what other types have and this one does not."""
    bounded = {FieldType.STR, FieldType.TEXT, FieldType.INT, FieldType.DECIMAL}
    bound = parts.bounds.lower or parts.bounds.upper
    if bound and kind not in bounded:
        raise bound.fault(f"`{kind}` takes no bounds", hint="leave them out")
    digits = parts.precision or parts.scale
    if digits and kind is not FieldType.DECIMAL:
        raise digits.fault(f"`{kind}` takes no precision or scale", hint="leave them out, or use `decimal`")
    kinds = parts.content_types[0] if parts.content_types else parts.max_size
    if kinds and kind is not FieldType.FILE:
        raise kinds.fault(f"`{kind}` has neither content types nor a size", hint="leave them out, or use `file`")
    if parts.values is not None and kind is not FieldType.ENUM:
        raise parts.type.fault(f"`{kind}` takes no values", hint="leave them out, or use `enum`")


def _check_unique(parts: FieldParts, field: Field) -> None:
    if parts.unique is None:
        return
    if field.type in _NOT_UNIQUE:
        raise parts.unique.fault(
            f"a `{field.type}` cannot be unique: {_NOT_UNIQUE[field.type]}", hint="leave `!` (or `unique`) out"
        )
    if (field.max_length or 0) > MAX_UNIQUE_LENGTH:
        raise parts.unique.fault(
            f"a unique `{field.type}` of up to {field.max_length} characters cannot be indexed",
            hint=f"allow at most {MAX_UNIQUE_LENGTH} characters, or leave `!` out",
        )
    room = distinct_values(field)
    if room < MIN_UNIQUE_VALUES:
        raise parts.unique.fault(
            f"only {room} rows could exist, since `{parts.name.text}` is unique",
            hint="allow more values, or leave `!` out",
        )
    if parts.default:
        raise parts.default.fault(
            "a unique field cannot have a default: the second row would already clash", hint="leave one of them out"
        )


def distinct_values(field: Field) -> int:
    """Return how many values a field may have, as far as that is few enough to bound the rows of a table."""
    if field.type is FieldType.STR:
        return 10 ** min(field.max_length or 0, 6)
    if field.type not in {FieldType.INT, FieldType.DECIMAL}:
        return MIN_UNIQUE_VALUES
    scale = field.scale or 0
    widest = Decimal(10 ** (field.precision or 10) - 1).scaleb(-scale)
    least = -widest if field.minimum is None else field.minimum
    greatest = widest if field.maximum is None else field.maximum
    return int((greatest - least).scaleb(scale)) + 1


def _str_limits(parts: FieldParts) -> _Limits:
    lower, upper = bounds.length_bounds(parts.bounds, bounds.DEFAULT_STR, bounds.MAX_STR, "str")
    return {"min_length": lower or None, "max_length": upper}


def _text_limits(parts: FieldParts) -> _Limits:
    lower, upper = bounds.length_bounds(parts.bounds, bounds.DEFAULT_TEXT, bounds.MAX_TEXT, "text")
    return {"min_length": lower or None, "max_length": upper}


def _int_limits(parts: FieldParts) -> _Limits:
    lower, upper = bounds.int_bounds(parts.bounds)
    return {"minimum": Decimal(lower), "maximum": Decimal(upper)}


def _decimal_limits(parts: FieldParts) -> _Limits:
    if parts.precision is None or parts.scale is None:
        raise parts.type.fault(
            "`decimal` needs precision and scale", hint="write `decimal(10,2)`: ten digits, two of them after the point"
        )
    precision, scale = bounds.decimal_digits(parts.precision, parts.scale)
    lower, upper = bounds.decimal_bounds(parts.bounds, precision, scale)
    return {"precision": precision, "scale": scale, "minimum": lower, "maximum": upper}


def _enum_limits(parts: FieldParts) -> _Limits:
    if not parts.values:
        raise parts.type.fault("this `enum` has no values", hint="list them, as in `enum(draft|published)`")
    return {"values": check_values(parts.values)}


def _file_limits(parts: FieldParts) -> _Limits:
    kinds = files.content_types(parts.content_types, parts.type)
    files.check_optional(parts.required, parts.type)
    return {"content_types": kinds, "max_bytes": files.max_bytes(parts.max_size)}


def _no_limits(_parts: FieldParts) -> _Limits:
    return {}


_LIMITS: dict[FieldType, Callable[[FieldParts], _Limits]] = {
    FieldType.STR: _str_limits,
    FieldType.TEXT: _text_limits,
    FieldType.INT: _int_limits,
    FieldType.DECIMAL: _decimal_limits,
    FieldType.ENUM: _enum_limits,
    FieldType.FILE: _file_limits,
}
