"""Set an option of a Pydantic model: `model_config = ConfigDict(from_attributes=True)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst
from pydantic import Field

from fastwright.changes.editing import finding
from fastwright.changes.editing.expressions import written
from fastwright.changes.editing.fields import KnownField, fields
from fastwright.changes.editing.index import ClassSite
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import DottedName, Expression, Identifier, Import

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document

_CONFIG = Import(module="pydantic", name="ConfigDict")
_TIGHT = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
_APART = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


class AddModelConfig(Operation):
    """A configuration that is there takes one more option, as `ConfigDict(...)`, a dictionary or `class Config`."""

    file: ProjectPath
    line: int = Field(default=0, ge=0)
    model: DottedName
    option: Identifier
    value: Expression

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        found = finding.class_(document, self.model, self.line)
        if self._is_done(document, found.site):
            return Unchanged(reason=f"{self.file}:{found.site.line}: {self.model} has {self.option} already")
        site = found.surely(lambda one: self._is_done(document, one))
        known = _config(site)
        if known is None or known.default is None:
            self._add(document, site)
            return Applied(files=(self.file,))
        if _value(known.default, self.option) is not None:
            raise document.unfit(site.line, f"{self.model} has another {self.option}", "change it by hand")
        document.edit(known.default, f"option {self.option}", lambda node: self._with_option(document, node, site))
        return Applied(files=(self.file,))

    def _is_done(self, document: Document, site: ClassSite) -> bool:
        known = _config(site)
        value = _value(known.default, self.option) if known and known.default else None
        return value is not None and document.code(value) == self.value

    def _add(self, document: Document, site: ClassSite) -> None:
        """Put the configuration before the first field, below the docstring."""
        if any(isinstance(one, cst.ClassDef) and one.name.value == "Config" for one in site.node.body.body):
            raise document.unfit(site.line, f"{self.model} has a class Config", f"set {self.option} in it by hand")
        value = written(document, f"ConfigDict({self.option}={self.value})", (_CONFIG,), site)
        line = cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(cst.Name("model_config"))], value)])
        body = site.node.body
        if not isinstance(body, cst.IndentedBlock):
            raise document.unfit(site.line, f"{self.model} is written on one line", "give it a body")
        first = body.body[0]
        if site.node.get_docstring() is not None:
            line = line.with_changes(leading_lines=[cst.EmptyLine(indent=False)])
            document.insert_after(first, f"option {self.option}", line)
        else:
            document.insert_before(first, f"option {self.option}", line)

    def _with_option(self, document: Document, node: cst.BaseExpression, site: ClassSite) -> cst.BaseExpression:
        value = cst.parse_expression(self.value)
        if isinstance(node, cst.Call):
            args = [*node.args[:-1], *(one.with_changes(comma=_APART) for one in node.args[-1:])]
            return node.with_changes(args=[*args, cst.Arg(value, keyword=cst.Name(self.option), equal=_TIGHT)])
        if isinstance(node, cst.Dict):
            items = [*node.elements[:-1], *(one.with_changes(comma=_APART) for one in node.elements[-1:])]
            return node.with_changes(elements=[*items, cst.DictElement(document.string(self.option), value)])
        raise document.unfit(site.line, "the configuration of the model is made elsewhere", "change it there")

    def explain(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"set {self.option}={self.value} in the configuration of {self.model} in {place}"


def _config(site: ClassSite) -> KnownField | None:
    return next((one for one in fields(site.node) if one.name == "model_config"), None)


def _value(config: cst.BaseExpression, option: str) -> cst.BaseExpression | None:
    """Return what an option is set to."""
    if isinstance(config, cst.Call):
        return next((one.value for one in config.args if one.keyword and one.keyword.value == option), None)
    if isinstance(config, cst.Dict):
        for one in config.elements:
            if (
                isinstance(one, cst.DictElement)
                and isinstance(one.key, cst.SimpleString)
                and one.key.evaluated_value == option
            ):
                return one.value
    return None
