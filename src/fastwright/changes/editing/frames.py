"""The frames between an endpoint and a statement: where each function calls the next, and what it can be passed."""

from __future__ import annotations

import libcst as cst
from pydantic import BaseModel, ConfigDict, Field

from fastwright.changes.editing import executing
from fastwright.changes.editing.dependencies import keyword
from fastwright.changes.editing.document import Document
from fastwright.changes.editing.executing import Evaluated
from fastwright.changes.editing.index import FunctionSite
from fastwright.changes.editing.objects import argument
from fastwright.changes.editing.sequences import call_with

# By how many lines an edit moves what is below it, at most.
_DRIFT = 12


class Frame(BaseModel):
    """Where a function of the project calls the next one, as the interpreter gives it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    line: int = Field(ge=1)
    column: int = -1
    end_line: int = -1
    end_column: int = -1
    function: str = ""


def site(document: Document, frame: Frame) -> Evaluated:
    """Return the node of a frame. Raises `Unfit` if it is not there."""
    place = executing.Place(frame.line, frame.column, frame.end_line, frame.end_column)
    known = (one for one in executing.all_evaluated(document) if executing.is_inside(one, frame.function))
    found = executing.at(document, place, known)
    if len(found) != 1:
        raise document.unfit(frame.line, "nothing is called here", "measure again: the lines have moved")
    return found[0]


def function(document: Document, frame: Frame) -> FunctionSite:
    """Return the function of a frame, also where an edit has moved it. Raises `Unfit` if it is not there."""
    name = frame.function.replace(".<locals>", "").partition(".<")[0]
    named = [one for one in document.index.functions if one.name == name or one.name.endswith(f".{name}")]
    around = [one for one in named if one.line <= frame.line <= document.range_of(one.node).end.line + _DRIFT]
    # Imports that an edit has added move a function below its own place.
    around = around or [one for one in named if len(named) == 1 and one.line <= frame.line + _DRIFT]
    if not around:
        raise document.unfit(frame.line, f"there is no function {name} around this")
    return around[-1]


def pass_on(document: Document, caller: Evaluated, values: dict[str, cst.BaseExpression]) -> None:
    """Plan to pass values by name where the next function is called. Raises `Unfit` if that is no plain call."""
    node = caller.node
    while isinstance(node, cst.Await):
        node = node.expression
    if not isinstance(node, cst.Call) or any(keyword(node, name) for name in values):
        names = " and ".join(values)
        raise document.unfit(caller.line, f"{names} cannot be passed on here", f"pass {names} by hand")

    def change(call: cst.Call) -> cst.Call:
        for name, value in values.items():
            call = call_with(call, argument(name, value))
        return call

    document.edit(node, f"pass {' '.join(values)}", change)
