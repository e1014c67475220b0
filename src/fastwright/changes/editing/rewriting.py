"""The one pass over a module in which all planned edits are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

import libcst as cst

from fastwright.changes.editing.index import Statement

_BLANK = cst.EmptyLine(indent=False)


class Rewriter(cst.CSTTransformer):
    """Changes the nodes that it was told to, and puts statements beside others. Everything else stays as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: dict[cst.CSTNode, list[Callable[[Any], cst.CSTNode]]] = {}
        self.after: dict[cst.CSTNode, list[Statement]] = {}
        self.before: dict[cst.CSTNode, list[Statement]] = {}
        self.apart: set[cst.CSTNode] = set()
        self.at_start: list[cst.SimpleStatementLine] = []

    def on_leave(self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT) -> Any:
        node: cst.CSTNode = updated_node
        for change in self.changes.get(original_node, ()):
            node = change(node)
        if isinstance(node, cst.Module) and self.at_start:
            return started(node, self.at_start)
        before, after = self.before.get(original_node, ()), self.after.get(original_node, ())
        if not before and not after:
            return node
        statement = cast("Statement", node)
        if before:
            first, statement = _handed_over(before[0], statement, is_apart=original_node in self.apart)
            before = [first, *before[1:]]
        return cst.FlattenSentinel([*before, statement, *after])


def _handed_over(first: Statement, statement: Statement, *, is_apart: bool) -> tuple[Statement, Statement]:
    """Give the blank lines above a statement to the one that goes before it; comments stay where they are."""
    lines = list(statement.leading_lines)
    count = next((number for number, line in enumerate(lines) if line.comment), len(lines))
    blank, rest = lines[:count], lines[count:]
    rest = [_BLANK, *rest] if is_apart else rest
    return first.with_changes(leading_lines=blank), statement.with_changes(leading_lines=rest)


def started(module: cst.Module, lines: Sequence[cst.SimpleStatementLine]) -> cst.Module:
    """Return a module without imports with its first ones, below its docstring and comments, and apart from both."""
    body = list(module.body)
    at = 1 if body and _is_docstring(body[0]) else 0
    first = lines[0].with_changes(leading_lines=[_BLANK] if at else [])
    rest = body[at:]
    if rest and not rest[0].leading_lines:
        blanks = [_BLANK, _BLANK] if isinstance(rest[0], cst.FunctionDef | cst.ClassDef) else [_BLANK]
        rest[0] = rest[0].with_changes(leading_lines=blanks)
    return module.with_changes(body=[*body[:at], first, *lines[1:], *rest])


def _is_docstring(statement: cst.CSTNode) -> bool:
    if not isinstance(statement, cst.SimpleStatementLine):
        return False
    first = statement.body[0]
    return isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString | cst.ConcatenatedString)
