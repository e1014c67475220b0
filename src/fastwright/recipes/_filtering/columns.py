"""By which parameters rows are asked for: one for what is equal or not, two for what has an order."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from fastwright.changes.add_filters import Filter
from fastwright.changes.wanted import Import
from fastwright.project.model import Column, Model
from fastwright.project.names import Symbol
from fastwright.project.source import assigned, last_name
from fastwright.recipes._app.layout import Layout
from fastwright.recipes._recipe import Known, Refusal

_SECRET = re.compile(r"passw|pwd|secret|token|api_?key|session_key|digest|hash|salt|otp|pin_code", re.IGNORECASE)
_TYPES = (
    (re.compile(r"BOOL"), "bool"),
    (re.compile(r"BIGINT|SMALLINT|INT"), "int"),
    (re.compile(r"NUMERIC|DECIMAL"), "Decimal"),
    (re.compile(r"FLOAT|REAL|DOUBLE"), "float"),
    (re.compile(r"DATETIME|TIMESTAMP"), "datetime"),
    (re.compile(r"DATE"), "date"),
    (re.compile(r"UUID"), "UUID"),
    (re.compile(r"CHAR|TEXT|STRING|ENUM"), "str"),
)
_IMPORTS = {
    "Decimal": Import(module="decimal", name="Decimal"),
    "UUID": Import(module="uuid", name="UUID"),
    "date": Import(module="datetime", name="date"),
    "AwareDatetime": Import(module="pydantic", name="AwareDatetime"),
    "NaiveDatetime": Import(module="pydantic", name="NaiveDatetime"),
}
_ORDERED = {
    **dict.fromkeys(("int", "float", "Decimal"), ("_min", "_max")),
    **dict.fromkeys(("date", "AwareDatetime", "NaiveDatetime"), ("_from", "_to")),
}


@dataclass(frozen=True)
class Asked:
    """A column, and the parameters by which its rows are asked for; `members` are an enum's values by their names."""

    column: Column
    filters: tuple[Filter, ...]
    members: Mapping[str, str] = field(default_factory=dict[str, str])


def asked(known: Known, layout: Layout, model: Model, name: str) -> Asked | Refusal | None:
    """Return how a column is asked for, nothing if the model has no such column, or why it is not to be."""
    column = _column(model, name)
    if column is None or model.file is None:
        return None
    where = f"{model.name}.{column.name}"
    if _SECRET.search(column.name):
        # Whoever can ask whether a secret begins a list of one learns it (CWE-204).
        return Refusal(reason=f"{where} is a secret, and a filter would tell it by what is found", hint="leave it out")
    kind, members, imported = _kind(known, layout, model, column)
    if not kind:
        reason = f"{where} is {column.type}, which cannot be told apart by a parameter"
        return Refusal(reason=reason, hint="leave it out, or compare by hand, then: fastwright prove")
    is_key = column.primary_key or column.foreign_key is not None
    bounds = () if is_key else _ORDERED.get(kind, ())
    module = layout.module(model.file)

    def one(parameter: str, compares: str) -> Filter:
        values = {"parameter": parameter, "type": kind, "type_import": imported, "compares": compares}
        return Filter.model_validate({**values, "module": module, "model": model.name, "attribute": column.name})

    pairs = [(f"{column.name}{end}", sign) for end, sign in zip(bounds, (">=", "<="), strict=False)]
    return Asked(column, tuple(one(*pair) for pair in pairs or [(column.name, "==")]), members)


def _column(model: Model, name: str) -> Column | None:
    """Return a column by its name, or that which refers to what is named: `category_id` for `category`."""
    by_name = {column.name: column for column in model.columns}
    found = by_name.get(name) or by_name.get(f"{name}_id")
    return found if found and (found.name == name or found.foreign_key) else None


def _kind(known: Known, layout: Layout, model: Model, column: Column) -> tuple[str, dict[str, str], Import | None]:
    """Return the type of the values, and, where it is an enum, its members; and where the type is from."""
    written = list(_written(known, (model.file or "", model.name), column.name))
    for file, node in written:
        for inner in ast.walk(node):
            symbol = known.names.resolve(file, inner) if isinstance(inner, ast.Name | ast.Attribute) else None
            members = _members(known, symbol) if symbol else {}
            if symbol and members:
                return symbol[1], members, Import(module=layout.module(symbol[0]), name=symbol[1])
    kind = next((name for pattern, name in _TYPES if pattern.search(column.type.upper())), "")
    if kind == "datetime":
        text = " ".join(ast.unparse(node) for _file, node in written)
        kind = "AwareDatetime" if "timezone=True" in text or _is_zoned(known, text) else "NaiveDatetime"
    return kind, {}, _IMPORTS.get(kind)


def _is_zoned(known: Known, text: str) -> bool:
    """Tell a `datetime` of SQLModel: since 0.0.45 it is stored with its zone, and one without is refused."""
    version = known.project.app.versions.get("sqlmodel", "")
    numbers = [int(number) for number in re.findall(r"\d+", version)][:3]
    is_plain = not re.search(r"NaiveDatetime|sa_type|sa_column", text)
    return known.project.conventions.orm == "sqlmodel" and is_plain and numbers >= [0, 0, 45]


def _written(known: Known, owner: Symbol, name: str) -> Iterator[tuple[str, ast.stmt]]:
    """Yield the statement that makes an attribute of a class, or of one that it is derived from."""
    definition = known.names.definition(owner)
    if not isinstance(definition, ast.ClassDef):
        return
    for node in definition.body:
        targets = [node.target] if isinstance(node, ast.AnnAssign) else assigned(node)
        if any(last_name(target) == name for target in targets):
            yield owner[0], node
    for base in definition.bases:
        symbol = known.names.resolve(owner[0], base)
        if symbol is not None:
            yield from _written(known, symbol, name)


def _members(known: Known, symbol: Symbol) -> dict[str, str]:
    """Return the values of an enum by the names of its members, or nothing if the class is none."""
    definition = known.names.definition(symbol)
    if not isinstance(definition, ast.ClassDef) or not any("Enum" in last_name(base) for base in definition.bases):
        return {}
    found: dict[str, str] = {}
    for node in definition.body:
        for target in assigned(node):
            value = getattr(node, "value", None)
            name = last_name(target)
            found[name] = str(value.value) if isinstance(value, ast.Constant) else name.lower()
    return found
