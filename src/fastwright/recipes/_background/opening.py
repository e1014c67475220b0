"""A function that does side work with a session of its own, as that of the request is closed by then."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastwright.changes.operation import Operation
from fastwright.changes.wanted import Import
from fastwright.project.names import Symbol
from fastwright.project.source import Function, assigned, last_name
from fastwright.recipes._app.layout import Layout, Place
from fastwright.recipes._app.sessions import SessionUse, session_use
from fastwright.recipes._code.formatting import Formatting
from fastwright.recipes._code.parts import Linker, Part
from fastwright.recipes._recipe import Known
from fastwright.recipes._routes import Routes

CLOSED = "the session of the request, which is closed by then"
_WRITES = re.compile(r"\.(add|add_all|delete|merge|flush|bulk_\w+)\(|\b(insert|update|delete)\(")
_KINDS = frozenset({"Session", "AsyncSession"})


@dataclass(frozen=True)
class Opener:
    """The function `name`, which opens a session and calls a helper with it; it takes all but `given` of the call."""

    name: str
    given: ast.expr
    operations: tuple[Operation, ...]


def opener(known: Known, place: tuple[str, Function], helper: Symbol, call: ast.Call, given: ast.Name) -> Opener | str:
    """Return the function that a call becomes which is given the request's session, or why there is none.

    `place` is the endpoint, with its file: the function goes above it.
    """
    (file, endpoint), definition, use = place, known.names.definition(helper), session_use(known)
    made = _made(known, use) if use else None
    if not isinstance(definition, Function) or "." in helper[1] or use is None or made is None:
        return CLOSED
    if use.commits or _leaves_to_commit(known, helper, definition):
        return "the session of the request, and what is done with it is committed there"
    name = f"{helper[1]}_in_background"
    rest = _without(definition, _number(call, given))
    is_possible = isinstance(definition, ast.AsyncFunctionDef) or not use.is_async
    if rest is None or not is_possible or name in known.source.files[file].definitions:
        return CLOSED
    code = _code(name, ast.unparse(call.func), definition, rest, (made[1], use.is_async))
    names = [(helper[0], one) for one in ast.walk(rest[1]) if isinstance(one, ast.Name)]
    names += [(made[0], one) for one in ast.walk(made[1]) if isinstance(one, ast.Name)]
    try:
        return Opener(
            name, given, _operations(known, Part(Place(file, _above(known, file, endpoint)), code), names, use)
        )
    except LookupError:
        return CLOSED


def _operations(
    known: Known, part: Part, names: Sequence[tuple[str, ast.Name]], use: SessionUse
) -> tuple[Operation, ...]:
    """Return what writes the function. Raises `LookupError` if a name in it cannot be imported."""
    symbols = {one.id: symbol for where, one in names if (symbol := known.names.resolve(where, one))}
    libraries = {one.name: one for one in _libraries(known, names, use)}
    linker = Linker(known, Layout(known, Routes(known)), Formatting.of(known), symbols, libraries)
    return tuple(linker.operations([part]))


def _libraries(known: Known, names: Sequence[tuple[str, ast.Name]], use: SessionUse) -> Iterator[Import]:
    """Yield the imports of what comes from packages, as the files write them that use it."""
    yield Import(module=use.module, name=use.kind)
    wanted = {(where, one.id) for where, one in names}
    for where in {where for where, _name in wanted}:
        for module, name in known.source.files[where].imports:
            if (where, name) in wanted and not module.startswith("."):
                yield Import(module=module, name=name)


def _made(known: Known, use: SessionUse) -> tuple[str, ast.expr] | None:
    """Return the file of the dependency that gives sessions, and the expression by which it makes one."""
    symbol = known.names.resolve(use.home, ast.parse(use.dependency, mode="eval").body)
    definition = known.names.definition(symbol) if symbol else None
    if symbol is None or not isinstance(definition, Function):
        return None
    given = {last_name(one.value) for one in ast.walk(definition) if isinstance(one, ast.Yield)} - {""}
    for node in ast.walk(definition):
        for item in node.items if isinstance(node, ast.With | ast.AsyncWith) else ():
            if last_name(item.optional_vars) in given:
                return symbol[0], item.context_expr
        if any(last_name(target) in given for target in assigned(node)) and isinstance(node, ast.Assign):
            return (symbol[0], node.value) if isinstance(node.value, ast.Call) else None
    return None


def _leaves_to_commit(known: Known, helper: Symbol, definition: Function) -> bool:
    """Tell whether a function changes rows, by itself or in what it calls, and leaves it to others to commit that."""
    inner = [known.names.resolve(helper[0], one.func) for one in ast.walk(definition) if isinstance(one, ast.Call)]
    called = [known.names.definition(one) for one in inner if one]
    text = " ".join(ast.unparse(one) for one in (definition, *called) if isinstance(one, Function))
    return bool(_WRITES.search(text)) and ".commit(" not in text


def _number(call: ast.Call, given: ast.Name) -> int | str:
    """Return which argument it is, by its position or its name."""
    named = next((one.arg for one in call.keywords if one.value is given and one.arg), None)
    return call.args.index(given) if named is None else named


def _without(definition: Function, which: int | str) -> tuple[str, ast.arguments] | None:
    """Return the parameter of the session, and all others; nothing where that is not how it is written."""
    rest = copy.deepcopy(definition.args)
    every = [*rest.posonlyargs, *rest.args, *rest.kwonlyargs]
    found = every[which] if isinstance(which, int) else next((one for one in every if one.arg == which), None)
    if rest.vararg or rest.kwarg or rest.posonlyargs or found is None:
        return None
    if found.annotation is not None and last_name(found.annotation) not in _KINDS:
        return None
    if found in rest.args:
        if rest.args.index(found) >= len(rest.args) - len(rest.defaults):
            return None
        rest.args.remove(found)
    else:
        del rest.kw_defaults[rest.kwonlyargs.index(found)]
        rest.kwonlyargs.remove(found)
    return found.arg, rest


def _code(
    name: str, written: str, helper: Function, rest: tuple[str, ast.arguments], session: tuple[ast.expr, bool]
) -> str:
    parameter, others = rest
    made, is_async = session
    given = [one.arg for one in helper.args.args]
    given += [f"{one.arg}={one.arg}" for one in helper.args.kwonlyargs]
    waits = "async " if isinstance(helper, ast.AsyncFunctionDef) else ""
    returned = " -> None" if helper.returns else ""
    return (
        f"{waits}def {name}({ast.unparse(others)}){returned}:\n"
        '    """Open a session for it: that of the request is closed by then."""\n'
        f"    {'async ' if is_async else ''}with {ast.unparse(made)} as {parameter}:\n"
        f"        {'await ' if waits else ''}{written}({', '.join(given)})\n"
    )


def _above(known: Known, path: str, function: Function) -> str:
    """Return the last name that a module binds above an endpoint."""
    file = known.source.files[path]
    first = min([function.lineno, *(one.lineno for one in function.decorator_list)])
    lines = dict(file.assignments)
    lines |= {name: nodes[-1].lineno for name, nodes in file.definitions.items() if "." not in name}
    above = {name: line for name, line in lines.items() if line < first}
    return max(above, key=lambda name: above[name], default="")
