"""A column of a database as a field: its type, bounds and default, as far as a design has words for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from fastwright.design.bounds import INT_RANGE, MAX_PRECISION, MAX_STR, WIDE_INT_RANGE, Bounds
from fastwright.design.fields import FieldParts
from fastwright.design.model import KeptColumn
from fastwright.design.sketch import Sketch, member_name, one_line

Column = Mapping[str, Any]
_SMALL_INT_RANGE = (-(2**15), 2**15 - 1)
_KINDS = frozenset({"enum", "str", "int", "decimal", "float", "bool", "date", "datetime", "json"})
_IN = re.compile(r"""^\(*"?(\w+)"?(?:::\w+)?\)* (?:IN \((.+)\)|= ANY \(+ARRAY\[(.+)\].*)$""", re.IGNORECASE)
_BOUND = re.compile(r'^\(*"?(\w+)"?\)*\s*(>=|<=|>|<)\s*\(*(-?\d+(?:\.\d+)?)\)*(?:::\w+)?\)*$')
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
_PLAIN = re.compile(r"-?\d+(\.\d+)?")


def is_expressible(column: Column, dialect: str) -> bool:
    """Tell whether a field can hold what the column does; SQLite has no column type of its own for UUIDs."""
    return column["type"] in _KINDS or (column["type"] == "uuid" and dialect == "postgresql")


def kept_column(column: Column, dialect: str) -> KeptColumn:
    """Return the column as it stays, with its type where the backend would make another one."""
    is_postgres = dialect == "postgresql"
    name, kind = column["name"], column["type"]
    if kind == "float" or (kind == "decimal" and not (is_postgres and column["precision"])):
        return KeptColumn(name=name, type="number")
    if is_postgres and kind == "enum":
        return KeptColumn(name=name, type="native", native=column["native"])
    if is_postgres and kind == "datetime" and not column["has_zone"]:
        return KeptColumn(name=name, type="naive")
    return KeptColumn(name=name, type="jsonb" if is_postgres and column["shown"] == "JSONB" else "")


def bounds_of(table: Mapping[str, Any], notes: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what check constraints say about columns: values, or a least or greatest number."""
    found: dict[str, dict[str, Any]] = {}
    for check in table["checks"]:
        for part in re.split(r"\s+AND\s+", check.strip(), flags=re.IGNORECASE):
            text = part.strip()
            if values := _IN.match(text):
                listed = [one.replace("''", "'") for one in _QUOTED.findall(values[2] or values[3])]
                found.setdefault(values[1], {})["values"] = listed
            elif bound := _BOUND.match(text):
                found.setdefault(bound[1], {})[bound[2]] = bound[3]
            else:
                notes.append(f"{table['name']}: the check {text} is the database's alone: what breaks it is a conflict")
    yield from found.items()


def add_field(sketch: Sketch, column: Column, bounds: Mapping[str, Any], notes: list[str], *, unique: bool) -> str:
    """Add the field for a column to the sketch, and return its name."""
    where = f"{sketch.name}.{column['name']}"
    name = member_name(column["name"], sketch.name, notes)
    word = sketch.word(name, name)
    parts = FieldParts(name=word, type=word, required=not column["nullable"], description=one_line(column["comment"]))
    kinds = list(_kinds(parts, column, bounds, notes, where))
    candidates: list[FieldParts] = []
    for kind in kinds:
        marked = replace(kind, unique=replace(word, text="!")) if unique else kind
        default = _default(column)
        if default is not None and not unique:
            candidates.append(replace(marked, default=replace(word, text=default)))
        elif column["default"] is not None and kind is kinds[0] and default is None:
            otherwise = "null is stored where no value is sent" if column["nullable"] else "a value has to be sent"
            notes.append(f"{where}: the default {column['default']} cannot be expressed: {otherwise}")
        candidates += [marked, kind] if unique else [kind]
    sketch.add_field(candidates, notes)
    return name


def _kinds(
    parts: FieldParts, column: Column, bounds: Mapping[str, Any], notes: list[str], where: str
) -> Iterator[FieldParts]:
    def of(kind: str) -> FieldParts:
        return replace(parts, type=replace(parts.type, text=kind))

    def word(value: object) -> Any:
        return replace(parts.name, text=str(value))

    kind, values = column["type"], column["values"] or bounds.get("values", ())
    if values and kind in {"enum", "str"}:
        yield replace(of("enum"), values=tuple(word(value) for value in values))
        if kind == "enum":
            return  # PostgreSQL takes no other text for it
    if kind == "str":
        length = column["length"]
        longest = min(length or 10_000, 1_000_000)
        yield replace(of("str" if length and length <= MAX_STR else "text"), bounds=Bounds(word(0), word(longest)))
    elif kind == "int":
        low, high = WIDE_INT_RANGE if column["is_wide"] else _SMALL_INT_RANGE if column["is_small"] else INT_RANGE
        yield replace(of("int"), bounds=Bounds(word(_least(bounds, low)), word(_greatest(bounds, high))))
    elif kind in {"decimal", "float"}:
        yield from _decimals(of("decimal"), column, bounds, notes, where)
    else:
        yield of(kind)


def _decimals(
    parts: FieldParts, column: Column, bounds: Mapping[str, Any], notes: list[str], where: str
) -> Iterator[FieldParts]:
    precision, scale = column["precision"], column["scale"]
    if column["type"] == "float" or precision is None or precision > MAX_PRECISION:
        notes.append(f"{where}: {column['shown']} has {MAX_PRECISION} digits here, 6 of them after the point")
        precision, scale = MAX_PRECISION, 6
    digits = replace(
        parts,
        precision=replace(parts.name, text=str(precision)),
        scale=replace(parts.name, text=str(scale or 0)),
    )
    low, high = bounds.get(">="), bounds.get("<=")
    if low or high:
        ends = (replace(parts.name, text=end) if end else None for end in (low, high))
        yield replace(digits, bounds=Bounds(*ends))
    yield digits


def _least(bounds: Mapping[str, Any], low: int) -> int:
    if ">" in bounds:
        return int(float(bounds[">"])) + 1
    return int(float(bounds[">="])) if ">=" in bounds else low


def _greatest(bounds: Mapping[str, Any], high: int) -> int:
    if "<" in bounds:
        return int(float(bounds["<"])) - 1
    return int(float(bounds["<="])) if "<=" in bounds else high


def _default(column: Column) -> str | None:
    """Return the default of a column as a design writes it, if it is a plain value."""
    text = str(column["default"] or "").strip().strip("()")
    if column["type"] == "bool":
        return {"1": "true", "0": "false", "true": "true", "false": "false"}.get(text.strip("'").lower())
    if quoted := _QUOTED.match(text):
        return quoted[1].replace("''", "'")
    return text if _PLAIN.fullmatch(text) and column["type"] in {"int", "decimal", "float"} else None
