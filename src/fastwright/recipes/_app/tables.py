"""How an app writes its tables: its base class, columns, keys and names."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import inflection

from fastwright.project.model import Model
from fastwright.project.names import Symbol
from fastwright.project.source import last_name
from fastwright.recipes._recipe import Known

Style = Literal["mapped", "column", "sqlmodel"]
_COLUMN_STYLES = {"mapped_column": "mapped", "Column": "column"}


@dataclass(frozen=True)
class TableStyle:
    """`base` is what models derive from; `has_id` says whether it gives them their key.

    `is_dataclass` is for models that are dataclasses, too: a key that the database gives is no argument there.
    """

    style: Style
    base: Symbol
    has_id: bool
    key: Literal["int", "uuid"]
    plural: bool
    is_dataclass: bool

    def table(self, singular: str) -> str:
        """Return the name of a table for rows of a kind."""
        return inflection.pluralize(singular) if self.plural else singular


def table_style(known: Known) -> TableStyle | None:
    """Return how tables are written, or nothing where there is none, or where their base is not the app's own."""
    models = [(model, node) for model in known.project.models if (node := class_of(known, model)) is not None]
    if not models:
        return None
    if known.project.conventions.orm == "sqlmodel":
        return TableStyle("sqlmodel", ("", "SQLModel"), False, _key(known), _plural(known), False)
    bases = Counter(base for model, node in models if (base := _base(known, model, node)) is not None)
    if not bases:
        return None
    base = bases.most_common(1)[0][0]
    text = " ".join(ast.unparse(node) for node in _body(known, base))
    definition = known.names.definition(base)
    above = ast.unparse(definition).partition(":")[0] if definition is not None else ""
    return TableStyle(
        style=_style(models),
        base=base,
        has_id="primary_key=True" in text,
        key=_key(known),
        plural=_plural(known),
        is_dataclass="MappedAsDataclass" in above,
    )


def class_of(known: Known, model: Model) -> ast.ClassDef | None:
    """Return the class of a model in the source."""
    file = known.source.files.get(model.file or "")
    nodes = file.definitions.get(model.name, []) if file else []
    return next((node for node in nodes if isinstance(node, ast.ClassDef)), None)


def _base(known: Known, model: Model, node: ast.ClassDef) -> Symbol | None:
    """Return the base of the app's own that no model is: mixins come before it."""
    found = [symbol for base in node.bases if (symbol := known.names.resolve(model.file or "", base))]
    tables = {(one.file, one.name) for one in known.project.models}
    own = [symbol for symbol in found if symbol not in tables]
    return own[-1] if own else None


def _body(known: Known, base: Symbol, depth: int = 4) -> Iterator[ast.stmt]:
    """Yield what a base defines, and what its own bases of the project do."""
    definition = known.names.definition(base)
    if not isinstance(definition, ast.ClassDef):
        return
    yield from (one for one in definition.body if isinstance(one, (ast.FunctionDef, ast.AnnAssign, ast.Assign)))
    for above in definition.bases:
        symbol = known.names.resolve(base[0], above)
        if symbol is not None and symbol != base and depth:
            yield from _body(known, symbol, depth - 1)


def _style(models: list[tuple[Model, ast.ClassDef]]) -> Style:
    counts = Counter(
        _COLUMN_STYLES[name]
        for _model, node in models
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and (name := last_name(call.func)) in _COLUMN_STYLES
    )
    return "column" if counts["column"] > counts["mapped"] else "mapped"


def _key(known: Known) -> Literal["int", "uuid"]:
    types = [column.type for model in known.project.models for column in model.columns if column.primary_key]
    uuids = [kind for kind in types if kind in ("CHAR(32)", "UUID")]
    return "uuid" if len(uuids) * 2 > len(types) else "int"


def _plural(known: Known) -> bool:
    names = [model.table or "" for model in known.project.models]
    plural = [name for name in names if name and inflection.pluralize(name) == name]
    return len(plural) * 2 >= len(names)
