"""One Python file while it is being edited: edits are noted by node, and all are made in one pass."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from fastwright.changes.editing.encoded import Encoded
from fastwright.changes.editing.imports import Imports, Need, with_names
from fastwright.changes.editing.index import Index, Statement, Walk
from fastwright.changes.editing.layout import kept
from fastwright.changes.editing.modules import Modules
from fastwright.changes.editing.names import Names
from fastwright.changes.editing.placing import Placed, statements
from fastwright.changes.editing.rewriting import Rewriter
from fastwright.changes.outcome import Unfit

if TYPE_CHECKING:
    from fastwright.changes.tree import Tree


@dataclass
class Document:
    """A parsed file with the edits that are planned for it. Sites and nodes are those of the file as it is."""

    path: str
    source: Encoded
    module: cst.Module
    modules: Modules
    rewriter: Rewriter = field(default_factory=Rewriter)
    # Names that earlier operations define, each with the statement of the module that it is put behind.
    defined: dict[str, int] = field(default_factory=dict[str, int])
    _keys: set[tuple[int, str]] = field(default_factory=set[tuple[int, str]])
    _variables: dict[tuple[int, str], str] = field(default_factory=dict[tuple[int, str], str])

    @classmethod
    def read(cls, path: str, raw: bytes, tree: Tree) -> Document:
        """Parse a file. Raises `Unfit` if it is no Python, or would not be the same after it was written again."""
        source = Encoded.read(path, raw)
        try:
            module = cst.parse_module(source.text)
        except cst.ParserSyntaxError as error:
            raise Unfit(path, error.raw_line, "is not Python that can be parsed", "correct the syntax first") from error
        if module.code != source.text:
            raise Unfit(path, 0, "has characters between its lines that would be lost", "remove its form feeds first")
        return cls(path, source, module, Modules(tree, path))

    @cached_property
    def _positions(self) -> dict[cst.CSTNode, CodeRange]:
        positions = MetadataWrapper(self.module, unsafe_skip_copy=True).resolve(PositionProvider)
        return cast("dict[cst.CSTNode, CodeRange]", positions)

    @cached_property
    def index(self) -> Index:
        walk = Walk(self.module, self._positions)
        self.module.visit(walk)
        return walk.index

    @cached_property
    def names(self) -> Names:
        return Names(self.module, self.modules)

    @cached_property
    def imports(self) -> Imports:
        return Imports(self.names)

    @property
    def is_edited(self) -> bool:
        return bool(self._keys) or bool(self.imports.needs)

    def unfit(self, line: int, why: str, hint: str = "") -> Unfit:
        """Return the refusal of something in this file."""
        return Unfit(self.path, line, why, hint)

    def code(self, node: cst.CSTNode) -> str:
        return self.module.code_for_node(node)

    def line_of(self, node: cst.CSTNode) -> int:
        return self._positions[node].start.line

    def range_of(self, node: cst.CSTNode) -> CodeRange:
        """Return where a node begins and ends; columns count characters."""
        return self._positions[node]

    def string(self, value: str) -> cst.SimpleString:
        """Return a string in the quotes that the file prefers."""
        text = json.dumps(value, ensure_ascii=False)
        if self.source.text.count("'") > self.source.text.count('"') and not {"'", "\\"} & {*value}:
            text = f"'{value}'"
        return cst.SimpleString(text)

    def edit(self, node: cst.CSTNode, key: str, change: Callable[[Any], cst.CSTNode]) -> bool:
        """Plan to change a node; return whether the same was not planned already."""
        if self._is_planned(node, key):
            return False
        self.rewriter.changes.setdefault(node, []).append(change)
        return True

    def insert_after(self, statement: cst.CSTNode, key: str, line: Statement) -> bool:
        """Plan to add a statement after one; return whether the same was not planned already."""
        if self._is_planned(statement, key):
            return False
        self.rewriter.after.setdefault(statement, []).append(line)
        return True

    def insert_before(self, statement: cst.CSTNode, key: str, line: Statement) -> bool:
        """Plan to add a statement before one; return whether the same was not planned already."""
        if self._is_planned(statement, key):
            return False
        self.rewriter.before.setdefault(statement, []).append(line)
        return True

    def variable(self, scope: cst.CSTNode, name: str, value: str, taken: Collection[str]) -> str:
        """Return a name for a new variable of a scope: the planned one of the same value, or else one that is free."""
        for candidate in (name, *(f"{name}_{number}" for number in range(2, 99))):
            planned = self._variables.get((id(scope), candidate))
            if planned == value or (planned is None and candidate not in taken):
                self._variables[id(scope), candidate] = value
                return candidate
        raise self.unfit(0, f"every name like {name} is taken")

    def render(self) -> bytes:
        """Make every edit, and return the file. Raises `Unfit` if that would not be Python any more."""
        self._settle_imports(self.imports.needs)
        text = self.module.visit(self.rewriter).code
        if _compiles(self.source.text) and not _compiles(text):
            raise Unfit(self.path, 0, "would not be Python any more after the edit")
        return self.source.bytes(self.path, kept(self.modules.tree.root, self.path, self.source.text, text))

    def _is_planned(self, node: cst.CSTNode, key: str) -> bool:
        known = (id(node), key)
        if known in self._keys:
            return True
        self._keys.add(known)
        return False

    def _settle_imports(self, needs: Sequence[Need]) -> None:
        taken: dict[cst.ImportFrom, list[Need]] = {}
        for need in needs:
            if need.statement is not None:
                taken.setdefault(need.statement, []).append(need)
        for statement, wanted in taken.items():
            self.rewriter.changes.setdefault(statement, []).append(_taking(wanted))
        for placed in statements([need for need in needs if need.statement is None], self.module, self.names):
            self._insert_import(placed)

    def _insert_import(self, placed: Placed) -> None:
        blank = [cst.EmptyLine(indent=False)] if placed.is_apart else []
        if placed.beside is None:
            self.rewriter.at_start.append(placed.line.with_changes(leading_lines=blank))
        elif placed.is_before:
            above = self.rewriter.before.setdefault(placed.beside, [])
            above.append(placed.line.with_changes(leading_lines=blank if above else []))
            if placed.is_apart:
                self.rewriter.apart.add(placed.beside)
        else:
            self.rewriter.after.setdefault(placed.beside, []).append(placed.line.with_changes(leading_lines=blank))


def _taking(needs: Sequence[Need]) -> Callable[[cst.ImportFrom], cst.ImportFrom]:
    return lambda statement: with_names(statement, needs)


def _compiles(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<edited>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return False
    return True
