"""Where everything is: one walk over a module that notes its functions, classes and calls with what surrounds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import libcst as cst
from libcst.metadata import CodeRange

Scope = cst.FunctionDef | cst.ClassDef
Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement
Block = cst.Module | cst.BaseSuite


@dataclass(frozen=True, eq=False)
class Site:
    """Where a node is: its line, the functions and classes around it, and its statement of the module, by number."""

    line: int
    column: int
    scopes: tuple[Scope, ...]
    top: int

    @property
    def in_function(self) -> bool:
        """Whether this runs later than the module does."""
        return any(isinstance(scope, cst.FunctionDef) for scope in self.scopes)


@dataclass(frozen=True, eq=False)
class FunctionSite(Site):
    """A function; `line` is that of its `def`, `first` that of its first decorator."""

    node: cst.FunctionDef
    name: str
    first: int


@dataclass(frozen=True, eq=False)
class ClassSite(Site):
    """A class; `line` is that of its `class`, `first` that of its first decorator."""

    node: cst.ClassDef
    name: str
    first: int


@dataclass(frozen=True, eq=False)
class CallSite(Site):
    """A call; `statement` holds it, in `block`, and `target` is what its result is assigned to."""

    node: cst.Call
    callee: str
    target: str
    statement: Statement
    statement_line: int
    path: tuple[tuple[Block, Statement], ...]


@dataclass
class Index:
    """All sites of a module, in the order of the source."""

    functions: list[FunctionSite] = field(default_factory=list[FunctionSite])
    classes: list[ClassSite] = field(default_factory=list[ClassSite])
    calls: list[CallSite] = field(default_factory=list[CallSite])


def dotted(node: cst.CSTNode) -> str:
    """Return `a.b.c` for names and attributes, and nothing for other expressions."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute) and (owner := dotted(node.value)):
        return f"{owner}.{node.attr.value}"
    return ""


class Walk(cst.CSTVisitor):
    """Fills an `Index`."""

    def __init__(self, module: cst.Module, positions: dict[cst.CSTNode, CodeRange]) -> None:
        super().__init__()
        self.index = Index()
        self._tops: dict[cst.CSTNode, int] = {node: number for number, node in enumerate(module.body)}
        self._positions = positions
        self._top = -1
        self._scopes: list[Scope] = []
        self._path: list[tuple[Block, Statement]] = []
        self._blocks: list[Block] = []
        self._targets: dict[cst.CSTNode, str] = {}

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Module | cst.BaseSuite):
            self._blocks.append(node)
        if isinstance(node, cst.SimpleStatementLine | cst.BaseCompoundStatement):
            self._top = self._tops.get(node, self._top)
            self._path.append((self._blocks[-1], node))
        return super().on_visit(node)

    def on_leave(self, original_node: cst.CSTNode) -> None:
        super().on_leave(original_node)
        if isinstance(original_node, cst.Module | cst.BaseSuite):
            self._blocks.pop()
        if isinstance(original_node, cst.SimpleStatementLine | cst.BaseCompoundStatement):
            self._path.pop()

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802 - libcst finds its methods by these names
        line, column, first = self._header(node, node.decorators)
        name = self._qualified(node)
        self.index.functions.append(FunctionSite(line, column, tuple(self._scopes), self._top, node, name, first))
        self._scopes.append(node)

    def leave_FunctionDef(self, original_node: cst.FunctionDef) -> None:  # noqa: ARG002, N802
        self._scopes.pop()

    def visit_ClassDef(self, node: cst.ClassDef) -> None:  # noqa: N802
        line, column, first = self._header(node, node.decorators)
        name = self._qualified(node)
        self.index.classes.append(ClassSite(line, column, tuple(self._scopes), self._top, node, name, first))
        self._scopes.append(node)

    def leave_ClassDef(self, original_node: cst.ClassDef) -> None:  # noqa: ARG002, N802
        self._scopes.pop()

    def visit_Assign(self, node: cst.Assign) -> None:  # noqa: N802
        for target in node.targets:
            self._targets[node.value] = dotted(target.target) or self._targets.get(node.value, "")

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:  # noqa: N802
        if node.value is not None:
            self._targets[node.value] = dotted(node.target)

    def visit_Call(self, node: cst.Call) -> None:  # noqa: N802
        if not self._path:
            return
        start = self._positions[node].start
        statement = self._path[-1][1]
        self.index.calls.append(
            CallSite(
                start.line,
                start.column,
                tuple(self._scopes),
                self._top,
                node,
                dotted(node.func) or _last_name(node.func),
                self._targets.get(node, ""),
                statement,
                self._positions[statement].start.line,
                tuple(self._path),
            )
        )

    def _header(self, node: Scope, decorators: Sequence[cst.Decorator]) -> tuple[int, int, int]:
        start = self._positions[node].start
        first = self._positions[decorators[0]].start.line if decorators else start.line
        return start.line, start.column, first

    def _qualified(self, node: Scope) -> str:
        return ".".join([*(scope.name.value for scope in self._scopes), node.name.value])


def _last_name(node: cst.CSTNode) -> str:
    """Return `.get` for `make().get`: the owner is an expression, and only what is called on it is known."""
    return f".{node.attr.value}" if isinstance(node, cst.Attribute) else ""
