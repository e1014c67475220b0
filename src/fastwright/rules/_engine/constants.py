"""What an expression is worth, where that is written: a literal, or a variable that is set to one."""

from __future__ import annotations

import ast
from http import HTTPStatus
from typing import Any, cast

from fastwright.rules._engine.evaluating import Evaluator
from fastwright.rules._engine.modules import Class
from fastwright.rules._engine.values import Instance, Scope
from fastwright.rules._engine.variables import variable

_DEPTH = 6


class Missing:
    """What is not known. It is false, and equal to nothing."""

    def __bool__(self) -> bool:
        return False


MISSING = Missing()


class Constants:
    """Reads constants for the rules."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator

    def of(self, node: ast.expr | None, scope: Scope) -> Any:
        """Return the value of an expression, or `MISSING`."""
        return self._of(node, scope, _DEPTH)

    def texts(self, node: ast.expr | None, scope: Scope) -> tuple[str, ...]:
        """Return the texts of a list, a tuple or a set, as far as they are known; a single text is one of its own."""
        value = self._of(node, scope, _DEPTH)
        if isinstance(value, str):
            return (value,)
        items = cast("list[object]", value) if isinstance(value, list) else []
        return tuple(one for one in items if isinstance(one, str))

    def status(self, node: ast.expr | None, scope: Scope) -> int | None:
        """Return a status code that is written as a number, or as `status.HTTP_201_CREATED`, or as in `http`."""
        node, scope = self.written(node, scope) or (node, scope)
        if isinstance(node, ast.Attribute) and node.attr == "value":
            node = node.value  # `HTTPStatus.CREATED.value`
        if isinstance(node, ast.Attribute) and node.attr.startswith(("HTTP_", "WS_")):
            digits = node.attr.split("_")[1]
            return int(digits) if digits.isdigit() else None
        if isinstance(node, ast.Attribute) and node.attr in HTTPStatus.__members__:
            return HTTPStatus[node.attr].value
        value = self._of(node, scope, _DEPTH)
        return value if isinstance(value, int) else None

    def written(self, node: ast.expr | None, scope: Scope) -> tuple[ast.expr, Scope] | None:
        """Return the expression that a name or an attribute is set to, followed to the end."""
        if node is None:
            return None
        found: tuple[ast.expr, Scope] = (node, scope)
        for _ in range(_DEPTH):
            further = self._step(*found)
            if further is None:
                return found
            found = further
        return found

    def _of(self, node: ast.expr | None, scope: Scope, depth: int) -> Any:
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            value = self._of(node.operand, scope, depth)
            return -value if isinstance(value, int | float) else MISSING
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return [self._of(one, scope, depth) for one in node.elts]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            left, right = self._of(node.left, scope, depth), self._of(node.right, scope, depth)
            return left * right if isinstance(left, int) and isinstance(right, int) else MISSING
        if node is None or depth == 0:
            return MISSING
        further = self._step(node, scope)
        return self._of(*further, depth - 1) if further else MISSING

    def _step(self, node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope] | None:
        if isinstance(node, ast.Name) and scope.function is not None:
            if node.id in scope.bound:
                return scope.bound[node.id]
            bindings = scope.function.facts.bindings.get(node.id, [])
            if len(bindings) == 1 and bindings[0].kind == "value":
                return bindings[0].value, scope
            if node.id in scope.function.parameters:
                default = scope.function.defaults.get(node.id)
                return (default, scope) if default is not None else None
        if isinstance(node, ast.Subscript):
            return self._item(node, scope)
        symbol = variable(self._evaluator.index, node, scope)
        if symbol is not None:
            values = symbol[0].values[symbol[1]]
            return (values[-1], self._evaluator.scope(symbol[0])) if len(values) == 1 else None
        return self._attribute(node, scope)

    def _item(self, node: ast.Subscript, scope: Scope) -> tuple[ast.expr, Scope] | None:
        """Return what stands under a key of a dictionary that is written: `CONFIG["origins"]`."""
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        found = self.written(node.value, scope) if key is not None else None
        if found is None or not isinstance(found[0], ast.Dict):
            return None
        pairs = zip(found[0].keys, found[0].values, strict=True)
        values = [value for name, value in pairs if isinstance(name, ast.Constant) and name.value == key]
        return (values[-1], found[1]) if values else None

    def _attribute(self, node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope] | None:
        """Return what the field of a settings object is set to."""
        if not isinstance(node, ast.Attribute):
            return None
        owner = self._evaluator.evaluate(node.value, scope)
        owner = owner.of if isinstance(owner, Instance) else owner
        if not isinstance(owner, Class):
            return None
        for one in self._evaluator.classes.lineage(owner):
            if isinstance(one, Class) and node.attr in one.attributes:
                value = one.attributes[node.attr][1]
                return (value, self._evaluator.scope(one)) if value is not None else None
        return None
