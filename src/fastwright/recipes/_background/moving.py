"""Move calls behind the answer: the edits of their endpoints."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

from fastwright.changes.add_parameter import AddParameter
from fastwright.changes.operation import Operation
from fastwright.changes.replace_text import ReplaceText
from fastwright.changes.wanted import Import
from fastwright.project.source import Function, last_name
from fastwright.recipes._background.finding import Side
from fastwright.recipes._code.lines import indent, replaced, text_of
from fastwright.recipes._recipe import Known

_TYPE = "BackgroundTasks"


def moved(known: Known, sides: Sequence[Side]) -> Iterator[Operation]:
    """Yield the edits; those of the text come first."""
    usual = _usual(known)
    for function in dict.fromkeys(side.function for side in sides):
        mine = [side for side in sides if side.function is function]
        yield _edited(known, mine, _parameter(function) or usual)
    for function in dict.fromkeys(side.function for side in sides):
        file = next(side.endpoint.file for side in sides if side.function is function) or ""
        if not _parameter(function):
            imports = (Import(module="fastapi", name=_TYPE),)
            yield AddParameter(file=file, function=function.name, parameter=f"{usual}: {_TYPE}", imports=imports)
    openers = {(side.endpoint.file, side.opener.name): side.opener for side in sides if side.opener}
    for opener in openers.values():
        yield from opener.operations


def _edited(known: Known, sides: Sequence[Side], name: str) -> ReplaceText:
    """Return the edit of one endpoint, in which each of the calls becomes a task."""
    file, function = sides[0].endpoint.file or "", sides[0].function
    text = text_of(known, file)
    new: dict[int, list[str]] = {}
    for side in sides:
        first, last = side.statement.lineno, side.statement.end_lineno or side.statement.lineno
        new |= {number: [] for number in range(first + 1, last + 1)}
        new[first] = [_task(text, side, name)]
    first = min([function.lineno, *(one.lineno for one in function.decorator_list)])
    before, after = replaced(text, (first, function.end_lineno or first), new)
    return ReplaceText(file=file, before=before, after=after)


def _task(text: Sequence[str], side: Side, name: str) -> str:
    """Return the lines of a statement with the call as a task; its arguments stay as they were written."""
    source = "".join(text)
    call, func = ast.get_source_segment(source, side.call) or "", ast.get_source_segment(source, side.call.func) or ""
    space = indent(text[side.statement.lineno - 1])
    arguments = call[len(func) :].strip()[1:-1]
    if side.opener:
        func, arguments = side.opener.name, ", ".join(_others(source, side.call, side.opener.given))
    if arguments.lstrip(" \t").startswith("\n"):
        deeper = indent(arguments.lstrip(" \t").split("\n")[1])
        given = f"\n{deeper}{func},{arguments}"
    else:
        given = f"{func}, {arguments}" if arguments.strip() else func
    behind = text[(side.statement.end_lineno or 1) - 1].encode()[side.statement.end_col_offset or 0 :].decode()
    return f"{space}{name}.add_task({given}){behind}"


def _others(source: str, call: ast.Call, given: ast.expr) -> Iterator[str]:
    """Yield the arguments of a call but one, as they are written."""
    for one in (*call.args, *call.keywords):
        if one is not given and getattr(one, "value", None) is not given:
            yield ast.get_source_segment(source, one) or ""


def _parameter(function: Function) -> str:
    """Return the parameter by which a function has its tasks, if it has one."""
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return next((one.arg for one in arguments if one.annotation and last_name(one.annotation) == _TYPE), "")


def _usual(known: Known) -> str:
    """Return what the parameter is called in most endpoints."""
    found = Counter(
        name
        for file in known.source.own
        for node in file.nodes
        if isinstance(node, Function) and (name := _parameter(node))
    )
    return found.most_common(1)[0][0] if found else "background_tasks"


def has_tasks(function: Function) -> bool:
    """Tell whether a function hands something to its tasks already."""
    return bool(_parameter(function)) and ".add_task(" in ast.unparse(function)
