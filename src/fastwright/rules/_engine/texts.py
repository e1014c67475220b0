"""Texts that code puts together: over variables, `+`, f-strings and helpers, as far as they are written somewhere."""

from __future__ import annotations

import ast

from fastwright.project.source import last_name
from fastwright.rules._engine.constants import Constants
from fastwright.rules._engine.facts import Binding
from fastwright.rules._engine.sql import HOLE
from fastwright.rules._engine.values import Scope

_DEPTH = 12
# What gives back the text that it is called on, and what wraps the text that it is given.
_KEEPING = frozenset({"strip", "format", "replace", "bindparams", "columns", "execution_options", "lstrip", "rstrip"})
_WRAPPING = frozenset({"text", "dedent", "SQL", "cleandoc", "str", "literal_column", "TextClause", "LiteralString"})


class Texts:
    """Reads texts for the rules; a value that is put into one is a question mark."""

    def __init__(self, constants: Constants) -> None:
        self._constants = constants
        self._known: dict[tuple[int, int], str] = {}
        self._kept: list[tuple[ast.expr, Scope]] = []

    def of(self, node: ast.expr | None, scope: Scope) -> str:
        """Return a text as far as it is written in the code, or nothing."""
        if node is None:
            return ""
        key = (id(node), id(scope))
        if key not in self._known:
            self._known[key] = self._of(node, scope, _DEPTH)
            self._kept.append((node, scope))
        return self._known[key]

    def given(self, node: ast.expr | None, scope: Scope) -> tuple[ast.expr | None, Scope]:
        """Return where a text is given: what functions only hand on was given to them by whoever calls."""
        for _ in range(_DEPTH):
            function = scope.function
            if not isinstance(node, ast.Name) or node.id not in scope.bound or function is None:
                break
            if node.id in function.facts.bindings:
                break
            node, scope = scope.bound[node.id]
        return node, scope

    def _of(self, node: ast.expr, scope: Scope, depth: int) -> str:
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else ""
        if depth == 0:
            return ""
        if isinstance(node, ast.JoinedStr | ast.FormattedValue | ast.BinOp):
            return self._of_parts(node, scope, depth - 1)
        if isinstance(node, ast.IfExp):
            return self._of(node.body, scope, depth - 1) or self._of(node.orelse, scope, depth - 1)
        if isinstance(node, ast.Call):
            return self._of_call(node, scope, depth - 1)
        return self._of_variable(node, scope, depth - 1)

    def _of_parts(self, node: ast.JoinedStr | ast.FormattedValue | ast.BinOp, scope: Scope, depth: int) -> str:
        if isinstance(node, ast.JoinedStr):
            return "".join(self._of(one, scope, depth) for one in node.values)
        if isinstance(node, ast.FormattedValue):
            return self._of(node.value, scope, depth) or HOLE
        left = self._of(node.left, scope, depth)
        is_sum = left and isinstance(node.op, ast.Add)
        return left + (self._of(node.right, scope, depth) or HOLE) if is_sum else left

    def _of_call(self, node: ast.Call, scope: Scope, depth: int) -> str:
        name = last_name(node.func)
        if name == "join" and isinstance(node.func, ast.Attribute) and node.args:
            parts, where = self._constants.written(node.args[0], scope) or (node.args[0], scope)
            items = parts.elts if isinstance(parts, ast.List | ast.Tuple) else []
            return self._of(node.func.value, scope, depth).join(self._of(one, where, depth) for one in items)
        if name in _KEEPING and isinstance(node.func, ast.Attribute):
            return self._of(node.func.value, scope, depth)
        return self._of(node.args[0], scope, depth) if name in _WRAPPING and node.args else ""

    def _of_variable(self, node: ast.expr, scope: Scope, depth: int) -> str:
        function = scope.function
        while function is not None and isinstance(node, ast.Name):
            bindings = function.facts.bindings.get(node.id, [])
            bindings = _current(bindings, node) if function is scope.function else bindings
            found = self._of_bindings(node.id, bindings, scope, depth)
            if not found and node.id in scope.bound:
                found = self._of(*scope.bound[node.id], depth)
            if found or bindings:
                return found
            function = function.outer
        written, where = self._constants.written(node, scope) or (node, scope)
        return self._of(written, where, depth) if written is not node else ""

    def _of_bindings(self, name: str, bindings: list[Binding], scope: Scope, depth: int) -> str:
        """Return what a variable is set to first, and all that is put at its end afterwards."""
        begin = next((one for one in bindings if one.kind == "value" and not _names(one.value, name)), None)
        if begin is None:
            return ""
        ends = [one.value for one in bindings if one.kind == "added"]
        ends += [_end(one.value) for one in bindings if one.kind == "value" and _names(one.value, name)]
        found = self._of(begin.value, scope, depth)
        return found + "".join(" " + (self._of(one, scope, depth) or HOLE) for one in ends) if found else ""


def _current(bindings: list[Binding], node: ast.Name) -> list[Binding]:
    """Return what a variable is set to where it is named, if one name serves for several statements one by one."""
    before = [one for one in bindings if one.line < node.lineno] or bindings
    begun = [one for one in before if one.kind == "value" and not _names(one.value, node.id)]
    start = max((one.line for one in begun if not one.around.branches), default=0)
    return [one for one in before if one.line >= start]


def _end(node: ast.expr) -> ast.expr:
    """Return what is put behind a text: the last part of `text + " LIMIT 10"` and of `f"{text} LIMIT 10"`."""
    if isinstance(node, ast.JoinedStr):
        return node.values[-1]
    return node.right if isinstance(node, ast.BinOp) else node


def _names(node: ast.expr, name: str) -> bool:
    return any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(node))
