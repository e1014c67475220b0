"""Add a parameter to a function."""

from __future__ import annotations

import ast

from pydantic import Field, field_validator

from fastwright.changes.editing import finding, signatures
from fastwright.changes.editing.index import FunctionSite
from fastwright.changes.editing.names import all_parameters
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import Import


class AddParameter(Operation):
    """`parameter` is written as in a signature: `limit: int = 20`."""

    file: ProjectPath
    line: int = Field(default=0, ge=0)
    function: str
    parameter: str
    imports: tuple[Import, ...] = ()

    @field_validator("parameter")
    @classmethod
    def _is_one(cls, value: str) -> str:
        try:
            _parts(value)
        except (SyntaxError, ValueError) as error:
            raise ValueError(f"{value!r} is not one parameter") from error
        return value

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        name, kind, default = _parts(self.parameter)
        found = finding.function(document, self.function, self.line)

        def is_done(site: FunctionSite) -> bool:
            known = (item for item in all_parameters(site.node.params) if item.name.value == name)
            return any(signatures.same_parameter(document, item, kind, default, self.imports) for item in known)

        place = f"{self.file}:{found.site.line}: {self.function}"
        if is_done(found.site):
            return Unchanged(reason=f"{place} has the parameter {name} already")
        site = found.surely(is_done)
        new = signatures.parameter(document, site, name=name, kind=kind, default=default, imports=self.imports)
        if not signatures.add(document, site, new):
            return Unchanged(reason=f"{place} is given the same before in this change")
        return Applied(files=(self.file,))

    def explain(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"add the parameter `{self.parameter}` to {self.function} in {place}"


def _parts(source: str) -> tuple[str, str, str]:
    """Return the name, the annotation and the default of a parameter, as they are written."""
    code = f"def _(*, {source}\n): ..."
    statement, *more = ast.parse(code).body
    if more or not isinstance(statement, ast.FunctionDef) or statement.returns or len(statement.body) != 1:
        raise ValueError(source)
    if len(statement.args.kwonlyargs) != 1 or statement.args.kwarg:
        raise ValueError(source)
    parameter, default = statement.args.kwonlyargs[0], statement.args.kw_defaults[0]
    kind = ast.get_source_segment(code, parameter.annotation) if parameter.annotation else ""
    return parameter.arg, kind or "", (ast.get_source_segment(code, default) or "") if default else ""
