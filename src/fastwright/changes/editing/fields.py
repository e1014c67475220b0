"""The annotated fields of a class, and adding one behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from fastwright.changes.editing.document import Document
from fastwright.changes.editing.index import ClassSite


@dataclass(frozen=True, eq=False)
class KnownField:
    """A field that a class has."""

    name: str
    kind: cst.BaseExpression | None
    default: cst.BaseExpression | None
    statement: cst.CSTNode
    number: int


def fields(node: cst.ClassDef) -> Iterator[KnownField]:
    """Yield the fields of a class, annotated or not, where they stand on lines of their own."""
    for number, statement in enumerate(node.body.body):
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name):
                yield KnownField(small.target.value, small.annotation.annotation, small.value, statement, number)
            elif isinstance(small, cst.Assign) and isinstance(target := small.targets[0].target, cst.Name):
                yield KnownField(target.value, None, small.value, statement, number)


def add(
    document: Document, site: ClassSite, name: str, kind: cst.BaseExpression, default: cst.BaseExpression | None
) -> bool:
    """Plan to add a field; return false if that is planned already. Raises `Unfit` where it cannot stand last."""
    known = [item for item in fields(site.node) if item.kind is not None]
    if default is None and _is_dataclass(site.node) and any(item.default is not None for item in known):
        raise document.unfit(site.line, f"{name} without a default cannot follow those that have one", "give a default")
    space = cst.SimpleWhitespace(" ")
    equal = cst.AssignEqual(space, space) if default is not None else cst.MaybeSentinel.DEFAULT
    line = cst.SimpleStatementLine([cst.AnnAssign(cst.Name(name), cst.Annotation(kind), default, equal)])
    body = site.node.body
    if not isinstance(body, cst.IndentedBlock):
        return document.edit(site.node, f"field {name}", lambda node: _opened(document, node, line))
    at = _with_docstring(body, known[-1].number) if known else _start(body)
    if at < 0:
        return document.insert_before(body.body[0], f"field {name}", line)
    return document.insert_after(body.body[at], f"field {name}", line)


def _opened(document: Document, node: cst.ClassDef, line: cst.SimpleStatementLine) -> cst.ClassDef:
    """Return a class that was written on one line, `class Settings(Base): ...`, with a body of its own."""
    if isinstance(node.body, cst.IndentedBlock):
        return node.with_changes(body=node.body.with_changes(body=[*node.body.body, line]))
    suite = cst.ensure_type(node.body, cst.SimpleStatementSuite)
    small = [part for part in suite.body if not _is_filler(part)]
    kept = [cst.SimpleStatementLine(small)] if small else []
    header = suite.trailing_whitespace
    return node.with_changes(
        body=cst.IndentedBlock([*kept, line], header=header, indent=document.module.default_indent)
    )


def _is_filler(part: cst.CSTNode) -> bool:
    return isinstance(part, cst.Pass) or (isinstance(part, cst.Expr) and isinstance(part.value, cst.Ellipsis))


def _with_docstring(body: cst.IndentedBlock, at: int) -> int:
    """Return the place behind a field, and behind the string that describes it."""
    following = at + 1
    return following if following < len(body.body) and _is_string(body.body[following]) else at


def _start(body: cst.IndentedBlock) -> int:
    """Return the place behind the docstring, or `pass`, or the configuration of the class."""
    at = -1
    for number, statement in enumerate(body.body):
        if not isinstance(statement, cst.SimpleStatementLine):
            break
        at = number
    return at


def _is_string(statement: cst.CSTNode) -> bool:
    if not isinstance(statement, cst.SimpleStatementLine):
        return False
    first = statement.body[0]
    return isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString | cst.ConcatenatedString)


def _is_dataclass(node: cst.ClassDef) -> bool:
    return any("dataclass" in cst.Module([]).code_for_node(decorator) for decorator in node.decorators)
