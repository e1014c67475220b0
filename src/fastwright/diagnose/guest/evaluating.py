"""The value of an expression where a line raised, if it can be had without side effects."""

from __future__ import annotations

import ast
import re
from typing import Any

_READ = re.compile(r"\b(headers|cookies|query_params|path_params)(\.get\(|\[)")
_HARMLESS = frozenset(
    {"len", "set", "list", "sorted", "tuple", "str", "int", "float", "min", "max", "sum", "abs", "bool", "dict"}
)
_HARMLESS_METHODS = frozenset(
    {"today", "now", "utcnow", "keys", "values", "items", "lower", "upper", "strip", "date", "replace", "title"}
    | {"encode", "decode", "get_secret_value"}
)


class Variables:
    """The variables of a frame, and what was assigned to them in its function."""

    def __init__(self, frame: Any, function: Any) -> None:
        self._frame = frame
        self._assigned: dict[str, ast.expr] = {}
        for node in ast.walk(function):
            if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
                targets: list[ast.expr] = node.targets if isinstance(node, ast.Assign) else [node.target]
                if len(targets) == 1 and isinstance(targets[0], ast.Name):
                    self._assigned[targets[0].id] = node.value

    def assigned(self, node: ast.expr) -> ast.expr | None:
        """Return what a name was set to, or nothing if it is a parameter, or no name."""
        return self._assigned.get(node.id) if isinstance(node, ast.Name) else None

    def read(self, node: ast.expr) -> ast.expr:
        """Return what a name was set to if that was read from the request, and else the expression itself."""
        origin = self.assigned(node)
        return origin if origin is not None and _READ.search(ast.unparse(origin)) else node

    def value(self, node: ast.expr, **others: Any) -> Any:
        """Return the value of an expression, or nothing; `others` are variables that the frame does not have."""
        if not all(_is_harmless(one) for one in ast.walk(node)):
            return None
        try:
            code = compile(ast.Expression(node), "<condition>", "eval")
            return eval(code, self._frame.f_globals, {**self._frame.f_locals, **others})  # noqa: S307 - the app's own
        except Exception:  # noqa: BLE001 - whatever the app's objects raise
            return None


def asked(node: ast.expr) -> ast.expr:
    """Return what a function such as `len`, or a method such as `lower`, was asked of."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("removeprefix", "encode"):
            return asked(node.func.value)
        if isinstance(node.func, ast.Attribute) and not node.args and node.func.attr not in ("today", "now", "utcnow"):
            return asked(node.func.value)
        if isinstance(node.func, ast.Name) and len(node.args) == 1:
            return asked(node.args[0])
    return node


def function_name(node: ast.expr) -> str:
    """Return the name of the function that is called, if it is a call."""
    if isinstance(node, ast.Call):
        return node.func.attr if isinstance(node.func, ast.Attribute) else str(getattr(node.func, "id", ""))
    return ""


def _is_harmless(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name):
            return node.func.id in _HARMLESS
        return isinstance(node.func, ast.Attribute) and node.func.attr in _HARMLESS_METHODS
    return not isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Lambda))
