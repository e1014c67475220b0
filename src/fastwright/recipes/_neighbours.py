"""How the endpoints beside one attach a guard whose value they do not use: in the decorator, or as a parameter."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastwright.project.names import Symbol
from fastwright.project.source import Function, called, last_name
from fastwright.recipes._guards import Chosen
from fastwright.recipes._recipe import Known
from fastwright.recipes._routes import Registration

Shape = tuple[Symbol | None, str, str]


@dataclass(frozen=True)
class _Parameter:
    argument: ast.arg
    default: ast.expr | None

    @property
    def text(self) -> str:
        return ast.unparse(
            ast.arguments([], [self.argument], None, [], [], None, [self.default] if self.default else [])
        )


def parameter_of_neighbours(known: Known, registration: Registration, chosen: Chosen) -> str | None:
    """Return the parameter, as the file writes it, by which other endpoints attach the guard for its refusal alone.

    There is none where the file uses `dependencies=[…]` for that, or where the endpoint has the name already.
    """
    file = registration.file
    functions = [node for node in known.source.files[file].nodes if isinstance(node, Function)]
    wanted = _shape(known, chosen.home, chosen.target, list(chosen.scopes))
    if any(_is_listed(known, file, function, wanted) for function in functions):
        return None
    own = next((node for node in functions if node.lineno == registration.line), None)
    taken = {argument.arg for argument in _arguments(own)} if own is not None else set[str]()
    for function in functions:
        if function.decorator_list and function is not own:
            for parameter in _parameters(function):
                name = parameter.argument.arg
                is_unused = not any(isinstance(node, ast.Name) and node.id == name for node in _body(function))
                if is_unused and name not in taken and _depends(known, file, parameter) == wanted:
                    return parameter.text
    return None


def _is_listed(known: Known, file: str, function: Function, wanted: Shape) -> bool:
    calls = [call for call in function.decorator_list if isinstance(call, ast.Call)]
    lists = [keyword.value for call in calls for keyword in call.keywords if keyword.arg == "dependencies"]
    return any(
        isinstance(node, ast.Call) and _shape_of(known, file, node) == wanted
        for value in lists
        for node in ast.walk(value)
    )


def _body(function: Function) -> Iterator[ast.AST]:
    for statement in function.body:
        yield from ast.walk(statement)


def _arguments(function: Function) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _parameters(function: Function) -> Iterator[_Parameter]:
    positional = [*function.args.posonlyargs, *function.args.args]
    without: list[ast.expr | None] = [None] * (len(positional) - len(function.args.defaults))
    yield from (_Parameter(*pair) for pair in zip(positional, [*without, *function.args.defaults], strict=True))
    yield from (_Parameter(*pair) for pair in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True))


def _depends(known: Known, file: str, parameter: _Parameter) -> Shape | None:
    if isinstance(parameter.default, ast.Call):
        return _shape_of(known, file, parameter.default)
    annotation, where = parameter.argument.annotation, file
    symbol = known.names.resolve(file, annotation)
    if symbol is not None and (alias := known.names.value(symbol)) is not None:
        annotation, where = alias, symbol[0]
    if isinstance(annotation, ast.Subscript) and last_name(annotation.value) == "Annotated":
        for node in ast.walk(annotation.slice):
            if isinstance(node, ast.Call) and (shape := _shape_of(known, where, node)):
                return shape
    return None


def _shape_of(known: Known, file: str, call: ast.Call) -> Shape | None:
    if called(call) not in ("Depends", "Security") or not call.args:
        return None
    scopes = next((keyword.value for keyword in call.keywords if keyword.arg == "scopes"), None)
    written = [item.value for item in ast.walk(scopes) if isinstance(item, ast.Constant)] if scopes else []
    return _shape(known, file, call.args[0], written)


def _shape(known: Known, file: str, target: ast.expr, scopes: Sequence[object]) -> Shape:
    """Return what makes two dependencies the same: what is called, what it was given, and which scopes are wanted."""
    if isinstance(target, ast.Call):
        given = ast.unparse(ast.Call(ast.Name("_"), target.args, target.keywords))
        return known.names.resolve(file, target.func), given, f"{scopes}"
    return known.names.resolve(file, target), "", f"{scopes}"
