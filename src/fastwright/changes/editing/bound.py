"""The names that a piece of code sets, in its own scope."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from fastwright.changes.editing.index import dotted
from fastwright.changes.editing.modules import Modules

# ruff: noqa: N802 - libcst finds the methods of a visitor by these names


@dataclass(frozen=True, eq=False)
class Binding:
    """A name that a module sets: `origin` is what was imported, if it was; `runtime` is false for type checkers only.

    `statement` is set where the name comes from a plain `from ... import` of the module itself, which can take more.
    """

    name: str
    top: int
    origin: str = ""
    runtime: bool = True
    statement: cst.ImportFrom | None = None

    @property
    def root(self) -> str:
        """The name itself: `import a.b` sets `a`."""
        return self.name.partition(".")[0]


class Bound(cst.CSTVisitor):
    """Collects the names that are set; what functions and classes set inside is theirs."""

    def __init__(self, modules: Modules | None, top: int, *, is_plain: bool) -> None:
        super().__init__()
        self.bindings: list[Binding] = []
        self.has_star = False
        self._modules = modules
        self._top = top
        self._is_plain = is_plain
        self._typing_only = 0

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        self._set(node.name.value)
        return False

    def visit_ClassDef(self, node: cst.ClassDef) -> bool:
        self._set(node.name.value)
        return False

    def visit_Lambda(self, node: cst.Lambda) -> bool:  # noqa: ARG002
        return False

    def visit_CompFor(self, node: cst.CompFor) -> bool:  # noqa: ARG002
        return False

    def visit_If_body(self, node: cst.If) -> None:
        self._typing_only += is_for_type_checkers(node)

    def leave_If_body(self, node: cst.If) -> None:
        self._typing_only -= is_for_type_checkers(node)

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
        self._set_all(node.target)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        if node.value is not None:
            self._set_all(node.target)

    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        self._set_all(node.target)

    def visit_NamedExpr(self, node: cst.NamedExpr) -> None:
        self._set_all(node.target)

    def visit_For(self, node: cst.For) -> None:
        self._set_all(node.target)

    def visit_AsName(self, node: cst.AsName) -> None:
        self._set_all(node.name)

    def visit_Import(self, node: cst.Import) -> bool:
        for alias in node.names:
            module = alias.evaluated_name
            self._set(alias.evaluated_alias or module, self._modules.identity(module) if self._modules else module)
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        module = module_of(node)
        if isinstance(node.names, cst.ImportStar):
            self.has_star = True
            return False
        for alias in node.names:
            origin = self._modules.member(module, alias.evaluated_name) if self._modules else module
            self._set(alias.evaluated_alias or alias.evaluated_name, origin, node if self._is_plain else None)
        return False

    def _set_all(self, target: cst.CSTNode) -> None:
        if isinstance(target, cst.Name):
            self._set(target.value)
        elif isinstance(target, cst.Tuple | cst.List):
            for element in target.elements:
                self._set_all(element.value)

    def _set(self, name: str, origin: str = "", statement: cst.ImportFrom | None = None) -> None:
        self.bindings.append(Binding(name, self._top, origin, not self._typing_only, statement))


def module_of(node: cst.ImportFrom) -> str:
    """Return the module of a `from ... import`, with its leading dots."""
    return "." * len(node.relative) + (dotted(node.module) if node.module else "")


def is_for_type_checkers(node: cst.If) -> bool:
    """Return whether the body of an `if` never runs."""
    return dotted(node.test).rpartition(".")[2] == "TYPE_CHECKING"
