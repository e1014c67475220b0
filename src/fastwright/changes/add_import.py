"""Add an import to a module: into a statement that imports from there already, or as a new one in its group."""

from __future__ import annotations

import libcst as cst
from pydantic import model_validator

from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import Identifier, Import, ModuleName


class AddImport(Operation):
    """`from module import name as alias`, or, without a name, `import module as alias`.

    Other operations bring the imports of their own expressions; this one is for what is imported for its own sake.
    """

    file: ProjectPath
    module: ModuleName
    name: Identifier = ""
    alias: Identifier = ""

    @model_validator(mode="after")
    def _is_an_import(self) -> AddImport:
        _ = self._wanted
        return self

    @property
    def _wanted(self) -> Import:
        return Import(module=self.module, name=self.name, alias=self.alias)

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        wanted = self._wanted
        origin = document.imports.origin(wanted)
        root = wanted.local.partition(".")[0]
        known = [b for b in document.names.called(wanted.local) if b.runtime and b.origin == origin]
        others = [
            b for b in document.names.bindings if b.root == root and b.origin != origin and "." not in wanted.local
        ]
        if others and not known:
            why = f"has another meaning for {wanted.local} already"
            raise document.unfit(document.line_of(document.module.body[others[0].top]), why, "give an alias")
        tops = (n for n, part in enumerate(document.module.body) if isinstance(part, cst.FunctionDef | cst.ClassDef))
        if not document.imports.require(wanted, next(tops, len(document.module.body))):
            return Unchanged(reason=f"{self.file} has `{wanted}` already")
        return Applied(files=(self.file,))

    def explain(self) -> str:
        return f"add `{self._wanted}` to {self.file}"
