"""Load a relation with the rows that a generic helper reads, by options that its caller passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import libcst as cst
from pydantic import Field

from fastwright.changes import loads
from fastwright.changes.editing import executing, frames, signatures
from fastwright.changes.editing.frames import Frame
from fastwright.changes.editing.index import dotted
from fastwright.changes.editing.loading import with_link
from fastwright.changes.editing.names import all_parameters
from fastwright.changes.editing.objects import argument
from fastwright.changes.editing.sequences import call_with
from fastwright.changes.loads import Load
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.placed import PlacedOperation
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import Import

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document
    from fastwright.changes.editing.index import FunctionSite

_NAME = "options"
_IMPORTS = (
    Import(module="collections.abc", name="Sequence"),
    Import(module="sqlalchemy.orm.interfaces", name="ORMOption"),
)
# By how many lines an edit moves what is below it, at most.
_DRIFT = 16


class PassLoaderOption(PlacedOperation):
    """A function that reads whatever model it is given takes `options`, and one caller passes `selectinload(...)`.

    The place is that of the execution, in a function that leaves the model to its callers; `calls` lead from there to
    the call that passes the options, the innermost first. All other callers pass none, and get what they got before.
    """

    calls: tuple[Frame, ...] = Field(min_length=1)
    path: tuple[Load, ...] = Field(min_length=1)

    def plan(self, tree: Tree) -> Applied | Unchanged:
        inner = self.frame
        last = self.calls[-1]
        if self._is_done(tree.document(last.file), last):
            return Unchanged(reason=f"{last.file}:{last.line}: {loads.shown(self.path)} is loaded already")
        document = tree.document(self.file)
        found = executing.execution(document, frames.site(document, inner))
        self._check(document, found)
        callers = [(tree.document(frame.file), frame) for frame in self.calls]
        sites = [frames.site(caller, frame) for caller, frame in callers]
        if _is_taking(document, frames.function(document, inner), found.node):
            change = _given_to_get if found.form == "get" else _given_to_statement
            document.edit(found.node, _NAME, change)
        for (caller, frame), site in zip(callers[:-1], sites[:-1], strict=True):
            if _is_taking(caller, frames.function(caller, frame), site.node):
                frames.pass_on(caller, site, {_NAME: cst.Name(_NAME)})
        outer, site = callers[-1][0], sites[-1]
        option = loads.named(outer, self.path, site).written()
        frames.pass_on(outer, site, {_NAME: cst.List([cst.Element(option)])})
        return Applied(files=tuple(dict.fromkeys((self.file, *(frame.file for frame in self.calls)))))

    def _is_done(self, document: Document, frame: Frame) -> bool:
        wanted = [
            site
            for site in executing.all_evaluated(document)
            if executing.is_inside(site, frame.function) and abs(site.line - frame.line) <= _DRIFT
        ]
        return any(
            isinstance(site.node, cst.Call) and loads.wanted(document, self.path, site).are_in(site.node)
            for site in wanted
        )

    def _check(self, document: Document, found: executing.Execution) -> None:
        """Raise `Unfit` unless the model is left to the callers of this function."""
        names = executing.parameters_around(found.site)
        entities = [dotted(arg.value) for root in found.begun.roots for arg in root.args[:1]]
        if not entities or not all(entity.partition(".")[0] in names for entity in entities):
            raise document.unfit(found.site.line, "this does not read what its callers choose")

    def explain(self) -> str:
        last = self.calls[-1]
        helper = self.function.rpartition(".")[2]
        return (
            f"load {loads.shown(self.path)} where {last.file}:{last.line} calls {helper}, by options that it takes now"
        )


def _is_taking(document: Document, site: FunctionSite, node: cst.CSTNode) -> bool:
    """Plan the parameter for the options; return false if the function has it, and uses it where they are needed.

    Raises `Unfit` if it has it for something else.
    """
    known = all_parameters(site.node.params)
    if any(parameter.name.value == _NAME for parameter in known):
        if any(use in document.code(node) for use in (f"*{_NAME}", f"{_NAME}={_NAME}")):
            return False
        raise document.unfit(site.line, f"{site.name} has a parameter {_NAME} already", "pass the option by it")
    is_typed = any(parameter.annotation for parameter in known)
    kind, imports = ("Sequence[ORMOption]", _IMPORTS) if is_typed else ("", ())
    new = signatures.parameter(document, site, name=_NAME, kind=kind, default="()", imports=imports)
    signatures.add(document, site, new)
    return True


def _given_to_statement(statement: cst.BaseExpression) -> cst.BaseExpression:
    return with_link(statement, _NAME, cst.Arg(cst.Name(_NAME), star="*"))


def _given_to_get(call: cst.Call) -> Any:
    return call_with(call, argument(_NAME, cst.Name(_NAME)))
