"""Where an endpoint reads its list: the statement that is executed, and the calls that lead there, from the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fastwright.project.names import Symbol
from fastwright.project.source import Function, assigned, last_name
from fastwright.recipes._recipe import Known

_EXECUTING = frozenset({"scalars", "execute", "exec", "stream", "stream_scalars"})
_ONE = frozenset(
    {"first", "one", "one_or_none", "scalar", "scalar_one", "scalar_one_or_none", "count", "rowcount", "get"}
)
_DEPTH = 4
# What has a `delete` and is no session: it is followed, or deletes no rows.
_NO_SESSION = re.compile(r"repo|service|crud|dao|manager|redis|cache|client|storage|bucket", re.IGNORECASE)


@dataclass(frozen=True)
class Step:
    """A call in a function of a file: of the next function, or, at the end, of what executes the statement."""

    file: str
    function: str
    node: ast.Call


Path = tuple[Step, ...]
# A function of a file, and the class that it is a method of.
Target = tuple[str, Function, ast.ClassDef | None]


def list_reads(known: Known, file: str, function: Function) -> list[Path]:
    """Return each way from a function to where a list is read: the calls on it, the execution last."""
    return list(_paths(known, (file, function, None), _executions, 0))


def total_reads(known: Known, file: str, function: Function) -> list[Path]:
    """Return each way from a function to where rows are counted, for answers that tell how many there are."""
    return list(_paths(known, (file, function, None), _countings, 0))


def gives_list(known: Known, file: str, function: Function, depth: int = _DEPTH) -> bool:
    """Tell whether a function returns a list, as far as its source shows: its own, or that of a function it calls."""
    returned = [node.value for node in _inside(function) if isinstance(node, ast.Return) and node.value is not None]
    return any(_is_list(known, file, function, value, depth) for value in returned)


def _is_list(known: Known, file: str, function: Function, value: ast.expr, depth: int) -> bool:
    value = value.value if isinstance(value, ast.Await) else value
    if isinstance(value, ast.Name):
        return any(_is_list(known, file, function, one, depth - 1) for one in _values(function, value.id) if depth)
    if isinstance(value, ast.Dict):
        return sum(_is_list(known, file, function, one, depth) for one in value.values) == 1
    if isinstance(value, ast.ListComp):
        return True
    if not isinstance(value, ast.Call):
        return False
    if last_name(value.func) in ("all", "list"):
        return True
    inner = called_at(known, file, function, None, value)
    return inner is not None and depth > 0 and gives_list(known, inner[0], inner[1], depth - 1)


def deletions(known: Known, file: str, function: Function) -> list[Path]:
    """Return each way from a function to where a row is deleted that a session holds."""
    return list(_paths(known, (file, function, None), _removals, 0))


def reached(known: Known, target: Target, depth: int = _DEPTH) -> Iterator[Target]:
    """Yield a function, and those of the project that it calls."""
    yield target
    file, function, owner = target
    for node in _inside(function) if depth else ():
        inner = called_at(known, file, function, owner, node) if isinstance(node, ast.Call) else None
        if inner is not None:
            yield from reached(known, inner, depth - 1)


def statement_texts(function: Function, call: ast.Call) -> list[str]:
    """Return the source of what a call executes, and of what its function has put that together from."""
    statement = call.args[0] if call.args else call
    return [ast.unparse(statement), *_assigned(function, _root(statement))]


def _paths(
    known: Known, target: Target, executions: Callable[[Function], list[ast.Call]], depth: int
) -> Iterator[Path]:
    file, function, owner = target
    name = f"{owner.name}.{function.name}" if owner else function.name
    found = [Step(file, name, node) for node in executions(function)]
    yield from ((step,) for step in found)
    if found or depth == _DEPTH:
        return
    for node in _inside(function):
        if isinstance(node, ast.Call):
            inner = called_at(known, file, function, owner, node)
            if inner is not None:
                for path in _paths(known, inner, executions, depth + 1):
                    yield (Step(file, name, node), *path)


def _executions(function: Function) -> list[ast.Call]:
    """Return the calls that execute a statement for a list, those for one row or a number left out."""
    above = {id(child): node for node in ast.walk(function) for child in ast.iter_child_nodes(node)}
    found: list[ast.Call] = []
    for node in _inside(function):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in _EXECUTING and node.args:
            if _ends(node, above).isdisjoint(_ONE) and not _counts(function, node.args[0]):
                found.append(node)
        elif node.func.attr == "all" and not node.args and _is_query(function, node.func.value):
            found.append(node)
    return found


def _countings(function: Function) -> list[ast.Call]:
    """Return the calls that count rows in the database."""
    found: list[ast.Call] = []
    for node in _inside(function):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in (*_EXECUTING, "scalar") and node.args:
            if any("func.count(" in text for text in statement_texts(function, node)):
                found.append(node)
        elif node.func.attr == "count" and not node.args and _is_query(function, node.func.value):
            found.append(node)
    return found


def _removals(function: Function) -> list[ast.Call]:
    """Return the calls of `delete` with one row."""
    return [
        node
        for node in _inside(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "delete"
        and len(node.args) == 1
        and isinstance(node.args[0], ast.Name | ast.Attribute | ast.Call)
        and not _NO_SESSION.search(ast.unparse(node.func.value))
    ]


def _ends(node: ast.AST, above: dict[int, ast.AST]) -> set[str]:
    """Return the names of the methods that are called on a result."""
    names: set[str] = set()
    while (parent := above.get(id(node))) is not None:
        if isinstance(parent, ast.Attribute):
            names.add(parent.attr)
        elif not isinstance(parent, ast.Await | ast.Call) or (isinstance(parent, ast.Call) and parent.func is not node):
            break
        node = parent
    return names


def _counts(function: Function, statement: ast.expr) -> bool:
    """Tell a statement that counts or changes rows, or one that is no statement of the ORM."""
    texts = [ast.unparse(statement), *_assigned(function, statement)]
    return any(word in text for text in texts for word in ("func.", "insert(", "update(", "delete(", "text("))


def _is_query(function: Function, chain: ast.expr) -> bool:
    texts = [ast.unparse(chain), *_assigned(function, _root(chain))]
    return any(".query(" in text for text in texts)


def _assigned(function: Function, node: ast.expr) -> list[str]:
    """Return what is assigned to a name in a function."""
    return [ast.unparse(one) for one in _values(function, node.id)] if isinstance(node, ast.Name) else []


def _values(function: Function, name: str) -> list[ast.expr]:
    return [
        one.value
        for one in ast.walk(function)
        if isinstance(one, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in one.targets)
    ]


def _root(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node


def called_at(known: Known, file: str, function: Function, owner: ast.ClassDef | None, call: ast.Call) -> Target | None:
    """Return the function of the project that is called, if that can be told: by its name, or by an annotated type."""
    symbol = known.names.resolve(file, call.func)
    definition = known.names.definition(symbol) if symbol else None
    if symbol and isinstance(definition, Function):
        return symbol[0], definition, None
    if not isinstance(call.func, ast.Attribute):
        return None
    kind = _type(known, file, function, owner, call.func.value)
    return _method(known, kind, call.func.attr) if kind else None


def _type(known: Known, file: str, function: Function, owner: ast.ClassDef | None, node: ast.expr) -> Symbol | None:
    """Return the class of an expression, or the class that it is."""
    if isinstance(node, ast.Call):
        return _made(known, file, node)
    if isinstance(node, ast.Attribute) and last_name(node.value) in ("self", "cls") and owner is not None:
        return _of_self(known, file, owner, node.attr)
    if isinstance(node, ast.Name):
        if node.id in ("self", "cls") and owner is not None:
            return file, owner.name
        local = (_made(known, file, one) for one in _values(function, node.id) if isinstance(one, ast.Call))
        found = _of_parameter(known, file, function, node.id) or next((one for one in local if one), None)
        if found is not None:
            return found
    return _of_variable(known, file, node)


def _made(known: Known, file: str, call: ast.Call) -> Symbol | None:
    """Return the class of what a call gives: of the class itself, or of a function that says so."""
    symbol = known.names.resolve(file, call.func)
    definition = known.names.definition(symbol) if symbol else None
    if symbol and isinstance(definition, Function):
        return known.names.resolve(symbol[0], definition.returns)
    return symbol if isinstance(definition, ast.ClassDef) else None


def _of_variable(known: Known, file: str, node: ast.expr) -> Symbol | None:
    """Return the class of a variable of a module, or the class that is named."""
    symbol = known.names.resolve(file, node)
    if symbol is None or isinstance(known.names.definition(symbol), ast.ClassDef):
        return symbol
    value = known.names.value(symbol)
    return _made(known, symbol[0], value) if isinstance(value, ast.Call) else None


def _of_self(known: Known, file: str, owner: ast.ClassDef, attribute: str) -> Symbol | None:
    """Return the class of an attribute: as the body of the class has it, or as `__init__` sets it."""
    for one in owner.body:
        if isinstance(one, ast.AnnAssign) and last_name(one.target) == attribute:
            return known.names.resolve(file, one.annotation)
        if isinstance(one, ast.Assign) and last_name(one.targets[0]) == attribute:
            return (
                _made(known, file, one.value)
                if isinstance(one.value, ast.Call)
                else _of_variable(known, file, one.value)
            )
    init = next((one for one in owner.body if isinstance(one, Function) and one.name == "__init__"), None)
    for one in ast.walk(init) if init else ():
        value = one.value if isinstance(one, ast.Assign | ast.AnnAssign) else None
        if value is not None and any(last_name(target) == attribute for target in assigned(one)):
            made = _made(known, file, value) if isinstance(value, ast.Call) else None
            return made if made or init is None else _of_parameter(known, file, init, last_name(value))
    return None


def _of_parameter(known: Known, file: str, function: Function, name: str) -> Symbol | None:
    every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    annotation = next((one.annotation for one in every if one.arg == name), None)
    if isinstance(annotation, ast.Subscript) and last_name(annotation.value) == "Annotated":
        annotation = annotation.slice.elts[0] if isinstance(annotation.slice, ast.Tuple) else None
    symbol = known.names.resolve(file, annotation)
    value = known.names.value(symbol) if symbol else None
    if symbol and isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Tuple):
        return known.names.resolve(symbol[0], value.slice.elts[0])
    return symbol


def _method(known: Known, kind: Symbol, name: str) -> Target | None:
    definition = known.names.definition(kind)
    if not isinstance(definition, ast.ClassDef):
        return None
    for node in definition.body:
        if isinstance(node, Function) and node.name == name:
            return kind[0], node, definition
    for base in definition.bases:
        symbol = known.names.resolve(kind[0], base.value if isinstance(base, ast.Subscript) else base)
        found = _method(known, symbol, name) if symbol else None
        if found is not None:
            return found
    return None


def _inside(function: Function) -> Iterator[ast.AST]:
    """Yield what runs when the function does, functions in it left out."""
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop(0)
        yield node
        waiting += [one for one in ast.iter_child_nodes(node) if not isinstance(one, Function | ast.Lambda)]
