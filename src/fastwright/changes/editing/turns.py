"""What the turns of a loop do: whether all of its reads can be made before the first one, and give the same."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from fastwright.changes.editing.bound import Bound
from fastwright.changes.editing.document import Document
from fastwright.changes.editing.index import Scope, dotted
from fastwright.changes.editing.loops import Loop, names_of
from fastwright.changes.editing.reads import EXECUTING
from fastwright.changes.editing.statements import called, traced

# ruff: noqa: N802 - libcst finds the methods of a visitor by these names

_MUTATING = frozenset({"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update"})


@dataclass(frozen=True)
class Turns:
    """The turns of a loop: `session` is what reads, `kept` are names that have to stay, `own` those of rows."""

    document: Document
    scopes: tuple[Scope, ...]
    session: str
    kept: frozenset[str]
    own: frozenset[str]

    def objection(self, loop: Loop) -> str:
        """Return what keeps the reads of a loop from being made before it, or nothing."""
        search = _Search(self)
        for part in loop.body:
            part.visit(search)
            if changed := self.kept & set_in(part):
                return f"{min(changed)} is set inside the loop"
        return search.found


def set_in(part: cst.CSTNode) -> frozenset[str]:
    """Return the names that a piece of code sets."""
    bound = Bound(None, 0, is_plain=False)
    part.visit(bound)
    return frozenset(binding.root for binding in bound.bindings)


class _Search(cst.CSTVisitor):
    """Finds the first thing in a loop that may write, or hands something out before the loop is done."""

    def __init__(self, turns: Turns) -> None:
        super().__init__()
        self.found = ""
        self._turns = turns
        self._session = turns.session
        self._own = turns.own
        self._reading: set[cst.CSTNode] = set()

    def on_visit(self, node: cst.CSTNode) -> bool:
        return not self.found and super().on_visit(node)

    def visit_Yield(self, node: cst.Yield) -> None:  # noqa: ARG002
        self.found = "the loop hands out what it has before it is done"

    def visit_Try(self, node: cst.Try) -> None:  # noqa: ARG002
        self.found = "the loop handles errors of its turns"

    def visit_Del(self, node: cst.Del) -> None:
        self._write(node.target)

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
        self._write(node.target)

    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        self._write(node.target)

    def _write(self, target: cst.CSTNode) -> None:
        if isinstance(target, cst.Attribute) and self._own & names_of(target):
            self.found = f"the loop sets {self._turns.document.code(target)}"

    def visit_Call(self, node: cst.Call) -> None:
        if not isinstance(node.func, cst.Attribute):
            return
        owner, name = dotted(node.func.value), node.func.attr.value
        if owner == self._session:
            self._reading.add(node.func.value)
            if name not in EXECUTING or not self._reads(node, name):
                self.found = f"the loop calls {owner}.{name}, which may write"
        elif (
            owner and owner in {"self", *self._own} and (name in _MUTATING or owner == self._session.rpartition(".")[0])
        ):
            self.found = f"the loop calls {owner}.{name}, which may write"

    def _reads(self, node: cst.Call, name: str) -> bool:
        if name in {"get", "query"}:
            return True
        begun = traced(node.args[0].value, self._turns.scopes, self._turns.document.module) if node.args else None
        return begun is not None and bool(begun.roots) and all(called(root) == "select" for root in begun.roots)

    def visit_Attribute(self, node: cst.Attribute) -> None:
        self._mention(node)

    def visit_Name(self, node: cst.Name) -> None:
        self._mention(node)

    def _mention(self, node: cst.BaseExpression) -> None:
        if dotted(node) == self._session and node not in self._reading:
            self.found = f"the loop passes {self._session} on, and what gets it may write"
