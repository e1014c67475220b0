"""Narrow a statement before it is executed: by conditions that hold only where a caller has asked for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import libcst as cst

from fastwright.changes.editing.document import Document
from fastwright.changes.editing.executing import Execution
from fastwright.changes.editing.index import Statement
from fastwright.changes.editing.loops import path_to
from fastwright.changes.editing.names import scope_names
from fastwright.changes.editing.statements import assigned, called, chain

_BOUNDS = frozenset({"limit", "offset", "slice", "count"})
_COMPREHENSIONS = cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp


@dataclass(frozen=True)
class Condition:
    """What is asked of each row, as Python, and the parameter without which it is not asked."""

    parameter: str
    code: str


def narrow(document: Document, found: Execution, conditions: Sequence[Condition]) -> bool:
    """Plan to narrow an executed statement; return false if that is planned already.

    Raises `Unfit` where it cannot be told what the statement is made of.
    """
    inner = _unbounded(found.node)
    listed = _listed(found)
    bottom = chain(inner)[1]
    if listed:
        target, anchor = listed, _behind(document, found, listed)
    elif isinstance(bottom, cst.Name) and not _begun_here(inner):
        target, anchor = bottom.value, _behind(document, found, bottom.value)
    else:
        return _lifted(document, found, inner, conditions)
    call = "append" if listed else _method(found)
    lines = [_line(document, one, target, call, is_list=bool(listed)) for one in conditions]
    planned = [document.insert_after(anchor, document.code(one), one) for one in lines]
    return all(planned)


def _unbounded(node: cst.BaseExpression) -> cst.BaseExpression:
    """Return the part of a chain before its first limit: a page is taken of what was found, and not the reverse."""
    bounds = [call for call in chain(node)[0] if called(call) in _BOUNDS]
    return cst.ensure_type(bounds[-1].func, cst.Attribute).value if bounds else node


def _begun_here(node: cst.BaseExpression) -> bool:
    return any(called(call) in ("select", "query") for call in chain(node)[0])


def _listed(found: Execution) -> str:
    """Return the list of conditions that the statement is given as `where(*conditions)`, if there is one."""
    function = _function(found)
    for root in found.begun.roots:
        for scope in [function, found.node] if function else [found.node]:
            finder = _Stars(root)
            scope.visit(finder)
            for name in finder.names:
                values = list(assigned(function.body, name)) if function else []
                if len(values) == 1 and isinstance(values[0], cst.List):
                    return name
    return ""


class _Stars(cst.CSTVisitor):
    """Collects the lists in `where(*conditions)` of the chains that begin at a root."""

    # ruff: noqa: N802 - libcst finds the methods of a visitor by these names

    def __init__(self, root: cst.Call) -> None:
        super().__init__()
        self.names: list[str] = []
        self._root = root

    def visit_Call(self, node: cst.Call) -> None:
        if called(node) in ("where", "filter") and self._root in chain(node)[0]:
            self.names += [arg.value.value for arg in node.args if arg.star and isinstance(arg.value, cst.Name)]


def _behind(document: Document, found: Execution, name: str) -> Statement:
    """Return the statement behind which a variable is begun, and narrowed as far as it is."""
    function = _function(found)
    values = list(assigned(function.body, name)) if function else []
    begun = [one for one in values if not _continues(one, name)]
    path = path_to(document, found.site.node)
    paths = [path_to(document, one) for one in begun]
    if any(called(call) in _BOUNDS for one in begun if found.form == "query" for call in chain(one)[0]):
        raise document.unfit(found.site.line, f"{name} has a limit before anything could be asked of its rows")
    block = next((one for one in reversed(path) if _is_block(one) and all(one in other for other in paths)), None)
    if not begun or not isinstance(block, cst.IndentedBlock):
        raise document.unfit(found.site.line, f"it cannot be told where {name} is begun", "narrow it by hand")
    lines: list[cst.CSTNode] = list(block.body)
    last = max(lines.index(other[other.index(block) + 1]) for other in paths)
    execution = lines.index(path[path.index(block) + 1])
    if last >= execution:
        raise document.unfit(found.site.line, f"{name} is begun and executed in one statement", "narrow it by hand")
    while last + 1 < execution and _narrows(document, lines[last + 1], name):
        last += 1
    return cast("Statement", lines[last])


def _is_block(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.IndentedBlock)


def _narrows(document: Document, statement: cst.CSTNode, name: str) -> bool:
    """Tell an `if` that only asks something more of the rows."""
    if not isinstance(statement, cst.If) or statement.orelse is not None:
        return False
    inside = [document.code(one).strip() for one in statement.body.body]
    starts = (f"{name} = {name}.", f"{name}.append(")
    return bool(inside) and all(one.startswith(starts) and ".limit(" not in one for one in inside)


def _lifted(document: Document, found: Execution, inner: cst.BaseExpression, conditions: Sequence[Condition]) -> bool:
    """Put the statement into a variable of its own, and narrow that."""
    path = path_to(document, inner)
    function = _function(found)
    within = path[path.index(function) + 1 :] if function else ()
    for node in within:
        if isinstance(node, cst.Lambda) or (isinstance(node, _COMPREHENSIONS) and node.for_in.iter not in within):
            raise document.unfit(found.site.line, "the statement is made anew in each turn", "narrow it by hand")
    blocks = [number for number, node in enumerate(within) if _is_block(node)]
    if function is None or not blocks:
        raise document.unfit(found.site.line, "there is no place for a statement before this", "write it in lines")
    statement = within[blocks[-1] + 1]
    code = document.code(inner)
    word = "query" if found.form == "query" else "statement"
    name = document.variable(function, word, code, scope_names(found.site))
    if not document.edit(inner, "narrowed", lambda _old: cst.Name(name)):
        return False
    target = cst.AssignTarget(cst.Name(name))
    line = cst.SimpleStatementLine([cst.Assign([target], _enclosed(inner, code))])
    document.insert_before(statement, f"{name} to be narrowed", line)
    for one in conditions:
        new = _line(document, one, name, _method(found), is_list=False)
        document.insert_before(statement, document.code(new), new)
    return True


def _enclosed(node: cst.BaseExpression, code: str) -> cst.BaseExpression:
    """Return an expression over several lines in parentheses of its own."""
    if "\n" not in code or node.lpar:
        return node
    inside = cst.ParenthesizedWhitespace(indent=True, last_line=cst.SimpleWhitespace("    "))
    end = cst.ParenthesizedWhitespace(indent=True)
    return node.with_changes(lpar=[cst.LeftParen(inside)], rpar=[cst.RightParen(end)])


def _line(document: Document, condition: Condition, target: str, call: str, *, is_list: bool) -> cst.If:
    asked = f"{target}.{call}({condition.code})"
    done = asked if is_list else f"{target} = {asked}"
    text = f"if {condition.parameter} is not None:\n    {done}\n"
    return cst.ensure_type(cst.parse_statement(text, config=document.module.config_for_parsing), cst.If)


def _method(found: Execution) -> str:
    return "filter" if found.form == "query" else "where"


def _function(found: Execution) -> cst.FunctionDef | None:
    return next((one for one in reversed(found.site.scopes) if isinstance(one, cst.FunctionDef)), None)


def _continues(value: cst.BaseExpression, name: str) -> bool:
    """Tell whether a variable is given something that is made of itself."""
    bottom = chain(value)[1]
    return isinstance(bottom, cst.Name) and bottom.value == name
