"""Tables of a database as a design that keeps them: each is a resource, and a sentence says what is not served."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from fastwright.design import naming, reserved
from fastwright.design.checks.names import MEMBER_NAME
from fastwright.design.dbcolumns import add_field, bounds_of, is_expressible, kept_column
from fastwright.design.kept import is_usable
from fastwright.design.model import Design, Kept, KeptColumn, Resource
from fastwright.design.sketch import Imported, Sketch, built, member_name, one_line, plural_of, resource_name
from fastwright.errors import InputError

Table = Mapping[str, Any]
_OURS = frozenset({"alembic_version", "sqlite_sequence"})
_MOMENTS = ("created_at", "updated_at")
_KEPT = "the tables stay as they are: `alembic upgrade head` adds what the backend needs, and changes no row"
_ACCOUNTS = (naming.USERS, "accounts", "user_accounts", "backend_accounts")


@dataclass
class KeptTable:
    """A table that is kept: what of it the design has, and the columns without which no row can be made."""

    table: Table
    sketch: Sketch
    columns: dict[str, KeptColumn] = field(default_factory=dict[str, KeptColumn])
    needed: dict[str, str] = field(default_factory=dict[str, str])
    joins: dict[str, tuple[str, str, str]] = field(default_factory=dict[str, tuple[str, str, str]])

    def lost(self, resource: Resource | None) -> str:
        """Return why rows of it could not be made, if it is so."""
        if resource is None:
            return "no resource comes of it"
        members = {one.name for one in (*resource.fields, *resource.relations)}
        return next(
            (f"{one} has to be given, and cannot be" for name, one in self.needed.items() if name not in members), ""
        )

    def kept(self, resource: Resource) -> Resource:
        """Return the resource with what it is kept in."""
        members = {*(one.name for one in (*resource.fields, *resource.relations)), *_MOMENTS}
        [key] = (column for column in self.table["columns"] if [column["name"]] == self.table["key"])
        kept = Kept(
            table=self.table["name"],
            key=key["name"],
            key_type=_key_type(key, self.table["dialect"]),
            columns=tuple((name, column) for name, column in self.columns.items() if name in members),
            joins=tuple((name, join) for name, join in self.joins.items() if name in members),
        )
        return resource.model_copy(update={"kept": kept})


def read_tables(tables: Sequence[Table], name: str) -> Imported:
    """Return the design, called `name`, that keeps what reflection has found. Raises `InputError` if nothing can be."""
    by_name = {table["name"]: table for table in tables if table["name"] not in _OURS}
    if clashing := sorted(reserved.PLATFORM_TABLES & by_name.keys()):
        hint = "rename it, or start with tables of its own: fastwright new NAME --design FILE"
        raise InputError(f"the database has a table `{clashing[0]}`, which the backend needs for itself", hint=hint)
    accounts = next(one for one in _ACCOUNTS if one not in by_name)
    alone: dict[str, str] = {}
    while True:
        notes = [_KEPT, *(f"{table} is left alone: {reason}" for table, reason in alone.items())]
        imported, more = _read({one: found for one, found in by_name.items() if one not in alone}, name, notes)
        if not more:
            return replace(imported, design=imported.design.model_copy(update={"accounts": accounts}))
        alone |= more


def _read(by_name: Mapping[str, Table], name: str, notes: list[str]) -> tuple[Imported, dict[str, str]]:
    """Return the design, and the tables that cannot be in it, each with the reason."""
    pairs = [table for table in by_name.values() if _is_pair(table, by_name)]
    served = {one: table for one, table in by_name.items() if table not in pairs}
    if unfit := {one: reason for one, table in served.items() if (reason := _unfit(table))}:
        if unfit.keys() == served.keys():
            told = "; ".join(f"{one}: {reason}" for one, reason in unfit.items())
            raise InputError(f"no table of this database can be kept: {told}", hint="write a design by hand")
        return Imported(Design(name=name), ()), unfit
    if not served:
        raise InputError("no resource comes of this database: it has no tables", hint="name another database")
    targets = {one: resource_name(naming.singular(one), name, notes) for one in served}
    if naming.USERS in served:
        notes.append("users are no accounts: nobody can log in as one of them; accounts have a table of their own")
    found = {one: _kept_table(table, served, targets, notes) for one, table in served.items()}
    for table in pairs:
        _join(table, found, notes)
    imported = built(name, "", [one.sketch for one in found.values()], notes)
    resources = {one.name: one for one in imported.design.resources}
    lost = {one: reason for one, kept in found.items() if (reason := kept.lost(resources.get(kept.sketch.name)))}
    if lost:
        return imported, lost
    kept = tuple(one.kept(resources[one.sketch.name]) for one in found.values())
    dropped = (
        f"{one.sketch.name}.{column.name} is left alone"
        for one, resource in zip(found.values(), kept, strict=True)
        for member, column in one.columns.items()
        if resource.kept and member not in dict(resource.kept.columns)
    )
    imported = replace(imported, left_out=(*imported.left_out, *dropped))
    return replace(imported, design=imported.design.model_copy(update={"resources": kept})), {}


def _is_pair(table: Table, tables: Mapping[str, Table]) -> bool:
    """Tell whether a table does nothing but join two others, by their keys."""
    columns = {column["name"] for column in table["columns"]}
    joins = [one for one in table["references"] if _refers(one, tables)]
    return (
        len(joins) == len(columns) == 2
        and set(table["key"]) == columns
        and all(map(str.isidentifier, (table["name"], *columns)))
    )


def _refers(reference: Mapping[str, Any], tables: Mapping[str, Table]) -> bool:
    """Tell whether one column refers to the key of a table that is there."""
    target = tables.get(reference["table"])
    if target is None or reference["schema"] or len(reference["columns"]) != 1:
        return False
    return list(reference["to"] or target["key"]) == list(target["key"])


def _unfit(table: Table) -> str:
    """Return why a table cannot be served, if it is so."""
    key = table["key"]
    if len(key) != 1:
        return f"its key ({', '.join(key)}) has several columns" if key else "it has no key"
    names = [table["name"], *(column["name"] for column in table["columns"])]
    if strange := [name for name in names if not is_usable(name)]:
        return f"the name {strange[0]} would have to be quoted in SQL"
    [column] = (one for one in table["columns"] if one["name"] == key[0])
    if not _key_type(column, table["dialect"]) or any(one["columns"] == key for one in table["references"]):
        return f"its key {key[0]} ({column['shown']}) is neither a UUID nor a number that the database counts up"
    given = (one for one in table["columns"] if not (one["nullable"] or one["computed"] or one["default"] is not None))
    for one in given:
        if [one["name"]] != key and not is_expressible(one, table["dialect"]):
            return f"its column {one['name']} ({one['shown']}) has to be given, and cannot be"
    return ""


def _key_type(column: Mapping[str, Any], dialect: str) -> Literal["uuid", "int", "bigint"]:
    """Return what the key is; nothing where the backend could not make one."""
    if dialect == "sqlite":  # where a row's number is 64 bits wide, and nothing but INTEGER means it
        return "bigint" if column["shown"] == "INTEGER" else ""  # type: ignore[return-value]
    if column["type"] == "uuid":
        return "uuid"
    counts = column["type"] == "int" and column["counts_up"] and not column["is_small"]
    return ("bigint" if column["is_wide"] else "int") if counts else ""  # type: ignore[return-value]


def _join(table: Table, found: Mapping[str, KeptTable], notes: list[str]) -> None:
    order = [column["name"] for column in table["columns"]]
    left, right = sorted(table["references"], key=lambda one: order.index(one["columns"][0]))
    if left["table"] not in found or right["table"] not in found:
        notes.append(f"{table['name']} is left alone, as is a table that it joins")
        return
    own, other = found[left["table"]], found[right["table"]].sketch.name
    name = member_name(naming.plural(other), own.sketch.name, notes, many=True)
    own.sketch.add_relation(name, other, many=True)
    own.joins[name] = (table["name"], left["columns"][0], right["columns"][0])
    notes.append(f"{table['name']} is the relation {own.sketch.name}.{name}")
    if left["on_delete"].upper() != "CASCADE":
        notes.append(f"{own.sketch.name}: while a row has {name}, it is not deleted: {table['name']} does not cascade")


def _kept_table(table: Table, tables: Mapping[str, Table], targets: Mapping[str, str], notes: list[str]) -> KeptTable:
    name = table["name"]
    sketch = Sketch(targets[name], description=one_line(table["comment"]))
    is_fit = re.fullmatch(MEMBER_NAME, name) and not reserved.plural_reason(name)
    sketch.plural = name if is_fit else plural_of(sketch.name)
    kept = KeptTable(table, sketch)
    notes += [
        f"{name}: ({', '.join(one)}) unique together is the database's alone: what breaks it is a conflict"
        for one in table["uniques"]
        if len(one) > 1
    ]
    notes += [
        f"{name}: the reference ({', '.join(one['columns'])}) to {one['table']} is the database's alone"
        for one in table["references"]
        if not _refers(one, tables)
    ]
    to_one = {one["columns"][0]: one["table"] for one in table["references"] if _refers(one, tables)}
    notes += [
        f"{name}: rows go with the row of {one['table']} that they refer to: the database cascades"
        for one in table["references"]
        if one["on_delete"].upper() == "CASCADE"
    ]
    bounds = dict(bounds_of(table, notes))
    for column in table["columns"]:
        if [column["name"]] != table["key"]:
            member = _member(kept, column, targets.get(to_one.get(column["name"], "")), bounds, notes)
            if member:
                kept.columns[member] = kept_column(column, table["dialect"])
                if not (column["nullable"] or column["default"] is not None or member in _MOMENTS):
                    kept.needed[member] = column["name"]
    return kept


def _member(
    kept: KeptTable, column: Mapping[str, Any], target: str | None, bounds: Mapping[str, Any], notes: list[str]
) -> str:
    """Add what a column is in the design, and return its name; nothing for a column that is left alone."""
    sketch, text = kept.sketch, column["name"]
    plain = naming.snake(text)
    # SQLite has moments as text, which others write in other forms: the order of a list could not go by those.
    is_exact = column["type"] == "datetime" and kept.table["dialect"] == "postgresql"
    if plain in _MOMENTS and is_exact and not column["nullable"]:
        return plain
    unique = [text] in kept.table["uniques"]
    if target:
        member = member_name(plain.removesuffix("_id") or plain, sketch.name, notes)
        sketch.add_relation(member, target, required=not column["nullable"], unique=unique)
        return member
    if column["computed"]:
        notes.append(f"{sketch.name}.{text} is computed by the database, and not shown")
        return ""
    if not is_expressible(column, kept.table["dialect"]):
        notes.append(f"{sketch.name}.{text} is left alone: there is no field for {column['shown']}")
        return ""
    return add_field(sketch, column, bounds.get(text, {}), notes, unique=unique)
