"""What the revisions of Alembic leave a database with, as far as they write it down."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fastwright.project.source import called, last_name
from fastwright.rules._rule import Module

# What adds a table or a column, or gives one another name.
_MAKING = frozenset({"create_table", "add_column", "rename_table", "batch_alter_table"})
_PARTS = frozenset(
    {"Column", "PrimaryKeyConstraint", "ForeignKeyConstraint", "UniqueConstraint", "CheckConstraint", "Index"}
    | {"ExcludeConstraint", "FetchedValue", "Computed"}
)


@dataclass(eq=False)
class Made:
    """A table as the revisions leave it: its columns with what was set of each later, and what holds them."""

    columns: dict[str, ast.Call] = field(default_factory=dict[str, ast.Call])
    altered: dict[str, dict[str, ast.expr]] = field(default_factory=dict[str, dict[str, ast.expr]])
    # What makes the foreign key of a column; the last one, if it was made anew.
    foreign: dict[str, ast.Call] = field(default_factory=dict[str, ast.Call])
    unique: set[str] = field(default_factory=set[str])
    # The columns with which an index begins.
    indexed: set[str] = field(default_factory=set[str])

    def option(self, column: str, name: str) -> ast.expr | None:
        """Return an option of a column, as it was set last."""
        later = self.altered.get(column, {}).get("type_" if name == "type" else name)
        call = self.columns[column]
        if later is not None or name == "type":
            return later or next((one for one in call.args[1:2] if not isinstance(one, ast.Constant)), None)
        return next((one.value for one in call.keywords if one.arg == name), None)


@dataclass(eq=False)
class History:
    """All tables that a line of revisions makes or adds to, and the changes of tables that none of them makes."""

    tables: dict[str, Made] = field(default_factory=dict[str, Made])
    created: set[str] = field(default_factory=set[str])
    strays: list[tuple[Module, ast.Call]] = field(default_factory=list[tuple[Module, ast.Call]])
    # Whether each column is written down where it is made, so that what is not here is nowhere.
    is_literal: bool = False


def is_revision(module: Module) -> bool:
    return "revision" in module.values and "down_revision" in module.values


def read_history(revisions: Iterable[Module]) -> History:
    """Return what is there after all revisions, each after those that it follows on."""
    ordered = _in_order(list(revisions))
    found = History(is_literal=all(map(_is_literal, ordered)))
    for module in ordered:
        for name, table, call in _operations(module):
            if name == "create_table":
                found.tables[table] = _table(call.args[1:])
                found.created.add(table)
            elif name == "rename_table":
                found.tables[_text(call, 1)] = found.tables.pop(table, Made())
                found.created.add(_text(call, 1))
            elif name == "drop_column":
                found.tables.setdefault(table, Made()).columns.pop(_text(call, 1) or _text(call, 0), None)
            elif not name.startswith("drop_"):
                _change(found.tables.setdefault(table, Made()), name, call)
                found.strays += [(module, call)] if table not in found.created else []
    return found


def _is_literal(revision: Module) -> bool:
    """Tell a revision that names the table and the columns of all that it makes, and makes it in `upgrade` itself."""
    for function in (one for one in revision.functions if one.name != "downgrade"):
        batches = dict(_batches(function.node))
        for site in function.calls:
            func = site.node.func
            on = func.value.id if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) else ""
            if site.name in _MAKING and (function.name != "upgrade" or not _names_all(site.node, on, batches)):
                return False
            renamed = [one.value for one in site.node.keywords if one.arg == "new_column_name"]
            if not all(isinstance(one, ast.Constant) for one in renamed):
                return False
    return not any(site.name in _MAKING for site in revision.facts.calls)


def _names_all(call: ast.Call, on: str, batches: dict[str, str]) -> bool:
    if on != "op" and not batches.get(on):
        return False
    columns = [one for one in ast.walk(call) if isinstance(one, ast.Call) and called(one) == "Column"]
    parts = call.args[1:] if called(call) == "create_table" else ()
    is_plain = all(called(one) in _PARTS for one in parts) and all(_text(one, 0) for one in columns)
    is_added = called(call) != "add_column" or bool(columns)
    return is_plain and is_added and bool(on in batches or _text(call, 0))


def _in_order(revisions: list[Module]) -> list[Module]:
    by_name = {name: one for one in revisions for name in _names(one, "revision")}
    depths: dict[int, int] = {}

    def depth(one: Module) -> int:
        if id(one) not in depths:
            depths[id(one)] = 0  # what follows on itself is read where it stands
            before = [by_name[name] for name in _names(one, "down_revision") if name in by_name]
            depths[id(one)] = 1 + max(map(depth, before), default=0)
        return depths[id(one)]

    return sorted(revisions, key=lambda one: (depth(one), one.path))


def _names(module: Module, variable: str) -> Iterator[str]:
    for value in module.values.get(variable, ()):
        yield from (str(one.value) for one in ast.walk(value) if isinstance(one, ast.Constant))


def _operations(module: Module) -> Iterator[tuple[str, str, ast.Call]]:
    """Yield what a revision does when it is applied: the operation, the table and the call."""
    for function in (one for one in module.functions if one.name == "upgrade"):
        batches = dict(_batches(function.node))
        for site in sorted(function.calls, key=lambda one: (one.node.lineno, one.node.col_offset)):
            func = site.node.func
            on = func.value.id if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) else ""
            if on in batches:
                yield site.name, batches[on], site.node
            elif on == "op":
                place = 1 if site.name.startswith("create_") and site.name != "create_table" else 0
                if table := _text(site.node, place) or _named(site.node):
                    yield site.name, table, site.node


def _batches(function: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(function):
        for item in node.items if isinstance(node, ast.With) else ():
            opened, name = item.context_expr, item.optional_vars
            if called(opened) == "batch_alter_table" and isinstance(opened, ast.Call) and isinstance(name, ast.Name):
                yield name.id, _text(opened, 0)


def _named(call: ast.Call) -> str:
    return next((str(getattr(one.value, "value", "")) for one in call.keywords if one.arg == "table_name"), "")


def _text(call: ast.Call, place: int) -> str:
    given = call.args[place] if len(call.args) > place else None
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else ""


def _table(parts: list[ast.expr]) -> Made:
    table = Made()
    for one in parts:
        if called(one) == "Column" and isinstance(one, ast.Call):
            _add(table, one)
        elif called(one) == "ForeignKeyConstraint" and isinstance(one, ast.Call) and one.args:
            table.foreign |= dict.fromkeys(_texts(one.args[0]), one)
        elif called(one) == "Index" and isinstance(one, ast.Call):
            table.indexed |= {_text(one, 1)}
        elif called(one) in ("UniqueConstraint", "PrimaryKeyConstraint") and isinstance(one, ast.Call):
            table.indexed |= {_text(one, 0)}
            table.unique |= {name for given in one.args for name in _texts(given)}
    return table


def _add(table: Made, column: ast.Call) -> None:
    name = _text(column, 0)
    table.columns[name] = column
    table.altered.pop(name, None)
    options = {one.arg: getattr(one.value, "value", None) for one in column.keywords}
    table.unique |= {name} if options.get("unique") is True or options.get("primary_key") is True else set[str]()
    table.indexed |= {name} if options.get("index") is True else set[str]()
    foreign = [one for one in column.args if called(one) == "ForeignKey" and isinstance(one, ast.Call)]
    table.foreign |= dict.fromkeys([name], foreign[-1]) if foreign else {}


def _change(table: Made, name: str, call: ast.Call) -> None:
    """Apply an operation on a table that is there; in a batch, the name of the table is left out."""
    if name == "add_column":
        column = next((one for one in call.args if called(one) == "Column" and isinstance(one, ast.Call)), None)
        if column is not None:
            _add(table, column)
    elif name == "alter_column":
        column_name = _text(call, 1) or _text(call, 0)
        changed = {one.arg: one.value for one in call.keywords if one.arg}
        renamed = str(getattr(changed.get("new_column_name"), "value", ""))
        if renamed and column_name in table.columns:
            table.columns[renamed] = table.columns.pop(column_name)
            table.altered[renamed] = table.altered.pop(column_name, {})
        table.altered.setdefault(renamed or column_name, {}).update(changed)
    elif name == "create_foreign_key":
        local = next((one for one in call.args if isinstance(one, ast.List)), None)
        named = next((one.value for one in call.keywords if one.arg == "local_cols"), None)
        table.foreign |= dict.fromkeys(_texts(local or named), call)
    elif name == "create_unique_constraint" or (name == "create_index" and _is_unique(call)):
        table.unique |= {one for part in call.args if isinstance(part, ast.List) for one in _texts(part)}
    if name in ("create_unique_constraint", "create_index"):
        # What is put together otherwise may be of any column.
        listed = [part for part in call.args if isinstance(part, ast.List | ast.Tuple) and part.elts]
        table.indexed |= {one for part in listed for one in _texts(part.elts[0])} if listed else set(table.columns)


def _is_unique(call: ast.Call) -> bool:
    return any(one.arg == "unique" and getattr(one.value, "value", None) is True for one in call.keywords)


def _texts(node: ast.expr | None) -> list[str]:
    return [str(one.value) for one in ast.walk(node) if isinstance(one, ast.Constant)] if node is not None else []


def zoned(node: ast.expr | None) -> bool | None:
    """Tell whether a type is of moments with a time zone; nothing if it is of something else."""
    kind = last_name(node.func) if isinstance(node, ast.Call) else last_name(node)
    if kind not in ("DateTime", "TIMESTAMP", "DATETIME"):
        return None
    options = node.keywords if isinstance(node, ast.Call) else []
    places = node.args[:1] if isinstance(node, ast.Call) else []
    given = [one.value for one in options if one.arg == "timezone"] + places
    return any(getattr(one, "value", None) is True for one in given)
