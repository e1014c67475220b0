"""Models as their classes are written: the columns that are named there, and nothing that a base class adds."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.locate import keyword
from fastwright.project.model import Column, Model, Relation
from fastwright.project.source import Source, assigned, called, last_name

_COLUMNS = frozenset({"Column", "mapped_column", "Field"})
_RELATIONS = frozenset({"relationship", "Relationship"})


def static_models(source: Source) -> Iterator[Model]:
    """Yield every class that names a table."""
    for file in source.own:
        for name, nodes in file.definitions.items():
            for node in nodes:
                if isinstance(node, ast.ClassDef) and _is_model(node):
                    yield _model(name, node, file.path)


def _is_model(node: ast.ClassDef) -> bool:
    table = any(keyword.arg == "table" and _is(keyword.value, True) for keyword in node.keywords)
    return table or _table_name(node) is not None


def _table_name(node: ast.ClassDef) -> str | None:
    for statement in node.body:
        for target in assigned(statement):
            value = getattr(statement, "value", None)
            if last_name(target) == "__tablename__" and isinstance(value, ast.Constant):
                return str(value.value)
    return None


def _model(name: str, node: ast.ClassDef, file: str) -> Model:
    columns: list[Column] = []
    relations: list[Relation] = []
    is_sqlmodel = any(one.arg == "table" for one in node.keywords)
    for statement in node.body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign):
            continue
        target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
        annotation = statement.annotation if isinstance(statement, ast.AnnAssign) else None
        attribute = last_name(target)
        if called(statement.value or target) in _RELATIONS:
            relations.append(_relation(attribute, annotation, statement.value))
        elif not attribute.startswith("__") and _is_column(annotation, statement.value, is_sqlmodel):
            columns.append(_column(attribute, annotation, statement.value))
    return Model(
        name=name,
        file=file,
        line=node.lineno,
        table=_table_name(node) or name.lower(),
        columns=tuple(columns),
        relations=tuple(relations),
        indexes=(),
    )


def _is_column(annotation: ast.expr | None, value: ast.expr | None, is_sqlmodel: bool) -> bool:
    mapped = isinstance(annotation, ast.Subscript) and last_name(annotation.value) == "Mapped"
    return mapped or (value is not None and called(value) in _COLUMNS) or (is_sqlmodel and annotation is not None)


def _column(name: str, annotation: ast.expr | None, value: ast.expr | None) -> Column:
    call = value if isinstance(value, ast.Call) else ast.Call(func=ast.Name("Column"), args=[], keywords=[])
    kind = _inside(annotation) or next((ast.unparse(one) for one in call.args if not isinstance(one, ast.Constant)), "")
    keys = [one for one in call.args if called(one) == "ForeignKey"]
    target = (
        keys[0].args[0] if keys and isinstance(keys[0], ast.Call) and keys[0].args else keyword(call, "foreign_key")
    )
    primary = _is(keyword(call, "primary_key"), True)
    nullable = keyword(call, "nullable")
    return Column(
        name=name,
        column=name,
        type=kind,
        nullable=_is(nullable, True)
        if nullable
        else not primary and ("None" in kind or "Optional" in kind or not annotation),
        primary_key=primary,
        foreign_key=str(target.value) if isinstance(target, ast.Constant) else None,
        index=_is(keyword(call, "index"), True),
        unique=_is(keyword(call, "unique"), True),
    )


def _relation(name: str, annotation: ast.expr | None, value: ast.expr | None) -> Relation:
    written = _inside(annotation)
    call = value if isinstance(value, ast.Call) else ast.Call(func=ast.Name("relationship"), args=[], keywords=[])
    first = call.args[0] if call.args else None
    target = str(first.value) if isinstance(first, ast.Constant) else last_name(first) or None
    many = written.lower().startswith(("list[", "set[", "sequence["))
    inner = written[written.find("[") + 1 : -1] if "[" in written else written
    lazy, back = keyword(call, "lazy"), keyword(call, "back_populates")
    return Relation(
        name=name,
        target=target or inner.strip("\"'").removesuffix(" | None") or None,
        uselist=many,
        lazy=str(lazy.value) if isinstance(lazy, ast.Constant) else "select",
        secondary=None,
        back_populates=str(back.value) if isinstance(back, ast.Constant) else None,
    )


def _inside(annotation: ast.expr | None) -> str:
    """Return what an annotation says, without its `Mapped[…]`."""
    if isinstance(annotation, ast.Subscript) and last_name(annotation.value) == "Mapped":
        annotation = annotation.slice
    return ast.unparse(annotation) if annotation else ""


def _is(node: ast.expr | None, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value
