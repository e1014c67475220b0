"""The loops around an expression, in its function: what they go through, and what is done in each turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from fastwright.changes.editing.document import Document
from fastwright.changes.editing.index import Statement, dotted

_COMPREHENSIONS = cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp
# What gives the same each time, and so can be gone through twice.
_LISTS = frozenset({"all", "list", "sorted", "tuple", "fetchall"})


@dataclass(frozen=True, eq=False)
class Loop:
    """A `for`, of a statement or a comprehension; `body` is what runs in each turn."""

    target: cst.BaseExpression
    iterated: cst.BaseExpression
    body: tuple[cst.CSTNode, ...]
    node: cst.CSTNode
    is_async: bool = False

    @property
    def names(self) -> frozenset[str]:
        return names_of(self.target)


class _Path(cst.CSTVisitor):
    """Finds the nodes that lead from the module to one of them."""

    def __init__(self, goal: cst.CSTNode) -> None:
        super().__init__()
        self.found: tuple[cst.CSTNode, ...] = ()
        self._goal = goal
        self._stack: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        self._stack.append(node)
        if node is self._goal:
            self.found = tuple(self._stack)
        return not self.found

    def on_leave(self, original_node: cst.CSTNode) -> None:  # noqa: ARG002 - the name is libcst's
        self._stack.pop()


def path_to(document: Document, node: cst.CSTNode) -> tuple[cst.CSTNode, ...]:
    """Return the nodes from the module down to one of them."""
    path = _Path(node)
    document.module.visit(path)
    return path.found


def loops(path: Sequence[cst.CSTNode]) -> list[Loop]:
    """Return the loops around the last node of a path, the outermost first; those of its function only."""
    start = max((number for number, node in enumerate(path) if isinstance(node, cst.FunctionDef)), default=-1)
    found: list[Loop] = []
    for number in range(start + 1, len(path) - 1):
        node, below = path[number], path[number + 1]
        if isinstance(node, cst.For) and below is node.body:
            found.append(Loop(node.target, node.iter, (node.body,), node, node.asynchronous is not None))
        elif isinstance(node, _COMPREHENSIONS) and below is not node.for_in:
            found += _of_comprehension(node)
    return found


def _of_comprehension(node: cst.CSTNode) -> Iterator[Loop]:
    """Yield the loops of a comprehension; its elements and conditions are the body of each."""
    if not isinstance(node, _COMPREHENSIONS):
        return
    parts = (node.key, node.value) if isinstance(node, cst.DictComp) else (node.elt,)
    clause: cst.CompFor | None = node.for_in
    while clause is not None:
        body = (*parts, *(condition.test for condition in clause.ifs))
        yield Loop(clause.target, clause.iter, body, node, clause.asynchronous is not None)
        clause = clause.inner_for_in


def statement_of(path: Sequence[cst.CSTNode], node: cst.CSTNode) -> Statement | None:
    """Return the statement around a node of a path, if another one can be put before it."""
    before = path[: path.index(node) + 1]
    for number in range(len(before) - 1, 0, -1):
        found, owner = before[number], before[number - 1]
        if isinstance(found, cst.SimpleStatementLine | cst.BaseCompoundStatement):
            is_in_block = isinstance(owner, cst.Module | cst.IndentedBlock)
            return found if is_in_block and not isinstance(found, cst.While) else None
    return None


def names_of(node: cst.CSTNode) -> frozenset[str]:
    """Return all names in a piece of code, attributes left out."""
    found = _Names()
    node.visit(found)
    return frozenset(use.value for use in found.nodes)


def uses(node: cst.CSTNode, name: str) -> list[cst.Name]:
    """Return where a piece of code reads a name."""
    found = _Names()
    node.visit(found)
    return [use for use in found.nodes if use.value == name]


class _Names(cst.CSTVisitor):
    """Collects names that are read."""

    # ruff: noqa: N802 - libcst finds the methods of a visitor by these names

    def __init__(self) -> None:
        super().__init__()
        self.nodes: list[cst.Name] = []

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        node.value.visit(self)
        return False

    def visit_AssignTarget(self, node: cst.AssignTarget) -> bool:
        return not isinstance(node.target, cst.Name)

    def visit_Arg(self, node: cst.Arg) -> bool:
        node.value.visit(self)
        return False

    def visit_Name(self, node: cst.Name) -> None:
        self.nodes.append(node)


def is_plain(expression: cst.BaseExpression) -> bool:
    """Return whether an expression is a name, or an attribute or an item of one: reading it does nothing else."""
    if isinstance(expression, cst.Attribute):
        return is_plain(expression.value)
    if isinstance(expression, cst.Subscript):
        items = [element.slice for element in expression.slice]
        constant = all(
            isinstance(item, cst.Index) and isinstance(item.value, cst.SimpleString | cst.Integer) for item in items
        )
        return constant and is_plain(expression.value)
    return isinstance(expression, cst.Name)


def is_list(value: cst.BaseExpression) -> bool:
    """Return whether an expression surely gives something that can be gone through again and again."""
    while isinstance(value, cst.Await):
        value = value.expression
    if isinstance(value, cst.ListComp | cst.List | cst.Tuple | cst.Set | cst.SetComp | cst.Dict | cst.DictComp):
        return True
    if not isinstance(value, cst.Call):
        return False
    name = value.func.attr.value if isinstance(value.func, cst.Attribute) else dotted(value.func)
    return name in _LISTS
