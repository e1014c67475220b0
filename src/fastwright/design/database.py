"""Tables of a database as a design: columns, references and bounds, and a sentence for what a design does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from fastwright.design import naming, reserved
from fastwright.design.bounds import INT_RANGE, MAX_PRECISION, MAX_STR, WIDE_INT_RANGE, Bounds
from fastwright.design.checks.names import MEMBER_NAME
from fastwright.design.fields import FieldParts
from fastwright.design.sketch import Imported, Sketch, built, member_name, one_line, resource_name
from fastwright.errors import InputError

Table = Mapping[str, Any]
_OURS = frozenset({"alembic_version", "sqlite_sequence"})
_IN = re.compile(r"""^\(*"?(\w+)"?(?:::\w+)?\)* (?:IN \((.+)\)|= ANY \(+ARRAY\[(.+)\].*)$""", re.IGNORECASE)
_BOUND = re.compile(r'^\(*"?(\w+)"?\)*\s*(>=|<=|>|<)\s*\(*(-?\d+(?:\.\d+)?)\)*(?:::\w+)?\)*$')
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_OWN_TABLES = "the new backend has tables of its own: nothing of this database is changed or used by it"


def read_tables(tables: Sequence[Table], name: str) -> Imported:
    """Return the design, called `name`, of what reflection has found. Raises `InputError` if there is no resource."""
    notes = [_OWN_TABLES]
    by_name = {table["name"]: table for table in tables if table["name"] not in _OURS}
    pairs = [table for table in by_name.values() if _is_pair(table, by_name)]
    targets = {
        table: resource_name(naming.singular(table), name, notes)
        for table, found in by_name.items()
        if found not in pairs and table != naming.USERS
    }
    if naming.USERS in by_name:
        targets[naming.USERS] = naming.USER
        kept = {"id", "email", "created_at", "updated_at"}
        others = [column["name"] for column in by_name[naming.USERS]["columns"] if column["name"] not in kept]
        without = f", without {', '.join(others)}" if others else ""
        notes.append(f"users: accounts are built in{without}")
    sketches = {table: _sketch(by_name[table], targets, notes) for table in targets if table != naming.USERS}
    for table in pairs:
        _join(table, sketches, targets, notes)
    if not sketches:
        raise InputError("no resource comes of this database: it has no tables", hint="name another database")
    return built(name, "", list(sketches.values()), notes)


def _is_pair(table: Table, tables: Mapping[str, Table]) -> bool:
    """Tell whether a table does nothing but join two others."""
    columns = {column["name"] for column in table["columns"]}
    joins = [one for one in table["references"] if len(one["columns"]) == 1 and one["table"] in tables]
    return len(joins) == len(columns) == 2 and set(table["key"]) == columns


def _join(table: Table, sketches: Mapping[str, Sketch], targets: Mapping[str, str], notes: list[str]) -> None:
    order = [column["name"] for column in table["columns"]]
    left, right = (one["table"] for one in sorted(table["references"], key=lambda one: order.index(one["columns"][0])))
    if left not in sketches:
        left, right = right, left
    if left not in sketches:
        notes.append(f"{table['name']} joins two tables that are no resources")
        return
    name = member_name(naming.plural(targets[right]), targets[left], notes, many=True)
    sketches[left].add_relation(name, targets[right], many=True)
    notes.append(f"{table['name']} is the relation {targets[left]}.{name}")


def _sketch(table: Table, targets: Mapping[str, str], notes: list[str]) -> Sketch:
    name = table["name"]
    sketch = Sketch(targets[name], description=one_line(table["comment"]))
    is_fit = re.fullmatch(MEMBER_NAME, name) and not reserved.plural_reason(name)
    sketch.plural = name if is_fit else ""
    if not is_fit:
        notes.append(f"{name}: the table has another name here")
    _note_keys(table, notes)
    to_one = {one["columns"][0]: one for one in table["references"] if len(one["columns"]) == 1}
    bounds = dict(_bounds(table, notes))
    for column in table["columns"]:
        text = column["name"]
        if text in naming.AUTOMATIC_COLUMNS:
            continue
        unique = [text] in table["uniques"] or table["key"] == [text]
        reference = to_one.get(text)
        if reference is not None and reference["table"] in targets and not reference["schema"]:
            member = member_name(text.removesuffix("_id") or text, sketch.name, notes)
            sketch.add_relation(member, targets[reference["table"]], required=not column["nullable"], unique=unique)
            continue
        _add(sketch, column, bounds.get(text, {}), notes, unique=unique)
    return sketch


def _note_keys(table: Table, notes: list[str]) -> None:
    name, key = table["name"], table["key"]
    types = {column["name"]: column["type"] for column in table["columns"]}
    if len(key) != 1:
        shown = ", ".join(key)
        notes.append(f"{name}: the key ({shown}) is not kept: rows have a UUID here" if key else f"{name} has no key")
    elif key != ["id"] or types["id"] != "uuid":
        notes.append(f"{name}: the key {key[0]} ({types[key[0]] or 'of another type'}) is a UUID called id here")
    notes += [
        f"{name}: ({', '.join(one)}) unique together cannot be expressed" for one in table["uniques"] if len(one) > 1
    ]
    notes += [
        f"{name}: the reference ({', '.join(one['columns'])}) to {one['table']} cannot be expressed"
        for one in table["references"]
        if len(one["columns"]) > 1 or one["schema"]
    ]


def _bounds(table: Table, notes: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
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
                notes.append(f"{table['name']}: the check {text} cannot be expressed")
    yield from found.items()


def _add(sketch: Sketch, column: Table, bounds: Mapping[str, Any], notes: list[str], *, unique: bool) -> None:
    where = f"{sketch.name}.{column['name']}"
    if column["computed"]:
        notes.append(f"{where} is computed by the database, and left out")
        return
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
            notes.append(f"{where}: the default {column['default']} cannot be expressed")
        candidates += [marked, kind] if unique else [kind]
    sketch.add_field(candidates, notes)


def _kinds(
    parts: FieldParts, column: Table, bounds: Mapping[str, Any], notes: list[str], where: str
) -> Iterator[FieldParts]:
    def of(kind: str) -> FieldParts:
        return replace(parts, type=replace(parts.type, text=kind))

    def word(value: object) -> Any:
        return replace(parts.name, text=str(value))

    kind, values = column["type"], column["values"] or bounds.get("values", ())
    if values and kind in {"enum", "str"}:
        yield replace(of("enum"), values=tuple(word(value) for value in values))
        kind = "str"
    if kind == "str":
        length = column["length"]
        longest = min(length or 10_000, 1_000_000)
        yield replace(of("str" if length and length <= MAX_STR else "text"), bounds=Bounds(word(0), word(longest)))
    elif kind == "int":
        low, high = WIDE_INT_RANGE if column["is_wide"] else INT_RANGE
        yield replace(of("int"), bounds=Bounds(word(_least(bounds, low)), word(_greatest(bounds, high))))
    elif kind in {"decimal", "float"}:
        yield from _decimals(of("decimal"), column, bounds, notes, where)
    elif kind in {"bool", "date", "datetime", "uuid", "json"}:
        yield of(kind)
    else:
        notes.append(f"{where}: {column['shown']} is JSON here")
        yield of("json")


def _decimals(
    parts: FieldParts, column: Table, bounds: Mapping[str, Any], notes: list[str], where: str
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


def _default(column: Table) -> str | None:
    """Return the default of a column as a design writes it, if it is a plain value."""
    text = str(column["default"] or "").strip().strip("()")
    if column["type"] == "bool":
        return {"1": "true", "0": "false", "true": "true", "false": "false"}.get(text.strip("'").lower())
    if quoted := _QUOTED.match(text):
        return quoted[1].replace("''", "'")
    return text if _PLAIN.fullmatch(text) and column["type"] in {"int", "decimal", "float"} else None
