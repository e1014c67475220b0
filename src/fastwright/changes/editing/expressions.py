"""Write an expression for the place where it is to stand, so that its names mean there what they should."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import cast

import libcst as cst

from fastwright.changes.editing.document import Document
from fastwright.changes.editing.index import Site, Statement, dotted
from fastwright.changes.editing.names import canonical
from fastwright.changes.wanted import Import

# ruff: noqa: N802 - libcst finds the methods of a transformer by these names


def meaning(document: Document, code: cst.CSTNode | str, imports: Sequence[Import] = ()) -> str:
    """Return what code means, whatever its layout and by whatever names: equal text is equal meaning."""
    given = {wanted.local: document.imports.origin(wanted) for wanted in imports}

    def origin(name: str) -> str:
        local = _prefix(name, given)
        return document.modules.same(given[local] + name[len(local) :]) if local else document.names.origin(name)

    return canonical(code, origin)


def written(document: Document, text: str, imports: Sequence[Import], site: Site) -> cst.BaseExpression:
    """Return an expression as it has to be written at a place, and note the imports that it takes.

    Raises `Unfit` if it has a name that cannot be read there.
    """
    names = read_names(text)
    local = {
        wanted.local: document.imports.use(wanted, site)
        for wanted in imports
        if any(_prefix(name, {wanted.local: ""}) for name in names)
    }
    for name in sorted(names):
        root = name.partition(".")[0]
        if not _prefix(name, local) and not document.imports.is_local(root):
            _check(document, root, site)
    for wanted in imports:
        if wanted.local in local and document.modules.is_own(wanted.module, wanted.name):
            _check(document, local[wanted.local], site)
    expression = cst.parse_expression(text, config=document.module.config_for_parsing)
    return cst.ensure_type(expression.visit(_Renamed(local)), cst.BaseExpression)


def renamed(statement: Statement, local: Mapping[str, str]) -> Statement:
    """Return a statement with names replaced by the expressions that stand for them in its file."""
    if all(name == expression for name, expression in local.items()):
        return statement
    return cast("Statement", statement.visit(_Renamed(local)))


def _check(document: Document, name: str, site: Site) -> None:
    if document.names.is_known(name, site) or document.defined.get(name, site.top) < site.top:
        return
    later = [binding for binding in document.names.bindings if binding.root == name]
    if any(not binding.runtime for binding in later):
        raise document.unfit(site.line, f"{name} is imported for type checkers only", f"give the import of {name}")
    if later:
        raise document.unfit(site.line, f"{name} is set further down in this file", f"move {name} above its first use")
    raise document.unfit(site.line, f"{name} means nothing here", f"give the import of {name}")


def read_names(text: str) -> frozenset[str]:
    """Return the names that an expression reads from around it, as far as they are dotted."""
    tree = ast.parse(f"({text}\n)", mode="eval")
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    found: set[str] = set()
    inner: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and node not in inner:
            name = ast.unparse(node)
            if all(part.isidentifier() for part in name.split(".")):
                inner.update(ast.walk(node))
                found.add(name)
    return frozenset(name for name in found if name.partition(".")[0] not in own)


def _prefix(name: str, known: Mapping[str, str]) -> str:
    """Return the longest of the known names with which a dotted name begins."""
    return max((local for local in known if name == local or name.startswith(f"{local}.")), key=len, default="")


class _Renamed(cst.CSTTransformer):
    """Replaces names by the expressions that stand for them in this file."""

    def __init__(self, local: Mapping[str, str]) -> None:
        super().__init__()
        self._local = local
        self._no_reads: set[cst.CSTNode] = set()

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        self._no_reads.add(node.attr)
        return not dotted(node)

    def visit_Arg(self, node: cst.Arg) -> None:
        if node.keyword:
            self._no_reads.add(node.keyword)

    def visit_Param(self, node: cst.Param) -> None:
        self._no_reads.add(node.name)

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:
        return self._renamed(original_node, updated_node)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        return updated_node if original_node in self._no_reads else self._renamed(original_node, updated_node)

    def _renamed(self, original: cst.BaseExpression, updated: cst.BaseExpression) -> cst.BaseExpression:
        name = dotted(original)
        local = _prefix(name, self._local)
        if not local or self._local[local] == local:
            return updated
        return cst.parse_expression(self._local[local] + name[len(local) :])
