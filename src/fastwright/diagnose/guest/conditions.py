"""Under which condition a line raised: what was compared with what, and which values would have passed.

This reads the `if` around a `raise` and what it looks at, with the variables as they were. It is a conjecture:
whether a value passes is found out by sending it.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastwright.diagnose.guest.evaluating import Variables, asked, function_name
from fastwright.diagnose.guest.lookups import Facts, inside, lookups, tried
from fastwright.diagnose.guest.plain import plain

_MOST = 12
_OPS: dict[Any, str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "==",
    ast.IsNot: "!=",
}
_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "==", "in": "not in", "not in": "in"}


def conditions(trace: Any, root: str) -> dict[str, Any]:
    """Return the facts about the line of the project that raised, by its traceback, and the constants around it."""
    frame, line = _innermost(trace, root)
    function = _function(frame.f_code.co_filename, line) if frame is not None else None
    if function is None:
        return {"facts": [], "constants": []}
    variables = Variables(frame, function)
    reader = _Reader(variables)
    facts = [fact for test, holds in _tests(function, line) for fact in reader.facts(test, holds=holds)]
    return {
        "facts": (facts or tried(function, line, variables))[:_MOST],
        "constants": _constants(function)[:_MOST],
    }


def _innermost(trace: Any, root: str) -> tuple[Any, int]:
    found: tuple[Any, int] = (None, 0)
    while trace is not None:
        file = os.path.realpath(trace.tb_frame.f_code.co_filename)
        if file.startswith(root) and "site-packages" not in file:
            found = trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next
    return found


def _function(file: str, line: int) -> Any:
    """Return the innermost function around a line."""
    try:
        tree = ast.parse(Path(file).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None
    found: Any = None
    for node in ast.walk(tree):
        is_function = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        if is_function and node.lineno <= line <= (node.end_lineno or line):
            found = node
    return found


def _tests(function: Any, line: int) -> Iterator[tuple[ast.expr, bool]]:
    """Yield the conditions that had to hold, or not to hold, for a line to be reached: the nearest first."""
    found: list[tuple[ast.expr, bool]] = []
    for node in ast.walk(function):
        if isinstance(node, ast.If):
            if _within(node.body, line):
                found.append((node.test, True))
            elif _within(node.orelse, line):
                found.append((node.test, False))
        elif isinstance(node, ast.Assert) and node.lineno <= line <= (node.end_lineno or line):
            found.append((node.test, False))
    yield from reversed(found)


def _within(body: list[ast.stmt], line: int) -> bool:
    return any(node.lineno <= line <= (node.end_lineno or line) for node in body)


def _constants(function: Any) -> list[Any]:
    """Return the texts and numbers in a function, its docstring left out."""
    docstring = ast.get_docstring(function, clean=False)
    values = [node.value for node in ast.walk(function) if isinstance(node, ast.Constant)]
    kept = [value for value in values if isinstance(value, (str, int, float)) and not isinstance(value, bool)]
    return list(dict.fromkeys(value for value in kept if value != docstring and len(str(value)) < 60))


class _Reader:
    """Reads what conditions ask, and what has to be otherwise for them to turn out the other way."""

    def __init__(self, variables: Variables) -> None:
        self._variables = variables

    def facts(self, test: ast.expr, *, holds: bool) -> Facts:
        """Return what a condition that held, or did not hold, looked at."""
        if isinstance(test, ast.BoolOp):
            return [fact for value in test.values for fact in self.facts(value, holds=holds)]
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return self.facts(test.operand, holds=not holds)
        if isinstance(test, ast.Compare):
            return self._compared(test, holds=holds)
        if isinstance(test, ast.Call):
            return self._called(test, holds=holds)
        return self._truth(test.target if isinstance(test, ast.NamedExpr) else test, holds=holds)

    def _truth(self, test: ast.expr, *, holds: bool) -> Facts:
        behind = self._variables.assigned(test)
        found = lookups(behind, self._variables)
        if not found and isinstance(behind, (ast.Compare, ast.BoolOp, ast.Call, ast.UnaryOp)):
            return self.facts(behind, holds=holds)
        return found or [{"kind": "truth", "subject": ast.unparse(self._variables.read(test)), "wanted": not holds}]

    def _compared(self, test: ast.Compare, *, holds: bool) -> Facts:
        found: Facts = []
        left = test.left
        for operator, right in zip(test.ops, test.comparators):  # noqa: B905 - `strict` is newer than Python 3.9
            op = _OPS[type(operator)]
            wanted = _NEGATED[op] if holds else op
            looked = inside(right, left, self._variables) if wanted == "in" else []
            for side in (left, right):
                looked += lookups(self._variables.assigned(side) or side, self._variables)
            compared = {"kind": "compare", "op": wanted, **self._side("left", left), **self._side("right", right)}
            # Nothing found is about the key; too much of something is about the amount.
            found += [compared, *looked] if wanted in ("<", "<=", ">", ">=") else [*looked, compared]
            left = right
        return found

    def _side(self, name: str, node: ast.expr) -> dict[str, Any]:
        return {
            name: ast.unparse(self._variables.read(asked(node))),
            f"{name}_function": function_name(node),
            f"{name}_value": plain(self._variables.value(node)),
        }

    def _called(self, test: ast.Call, *, holds: bool) -> Facts:
        name, function = function_name(test), test.func
        if name == "compare_digest" and len(test.args) == 2:
            return self._compared(ast.Compare(test.args[0], [ast.Eq()], [test.args[1]]), holds=holds)
        if name in ("any", "all") and test.args:
            return self._quantified(test.args[0], name, holds=holds)
        subject: ast.expr | None = function.value if isinstance(function, ast.Attribute) else None
        arguments = [self._variables.value(argument) for argument in test.args]
        if name in ("match", "fullmatch", "search") and subject is not None and test.args:
            # `re.match(pattern, text)` or `PATTERN.match(text)`
            pattern: Any = arguments[0] if len(test.args) > 1 else self._variables.value(subject)
            subject, arguments = test.args[-1], [getattr(pattern, "pattern", pattern)]
        elif subject is None and test.args:
            subject = test.args[0]
        return [
            {
                "kind": "call",
                "function": name,
                "subject": ast.unparse(self._variables.read(asked(subject))) if subject is not None else "",
                "arguments": [plain(argument) for argument in arguments],
                "wanted": not holds,
            }
        ]

    def _quantified(self, inner: ast.expr, name: str, *, holds: bool) -> Facts:
        """Return what `any(c.isdigit() for c in v)` asks of the characters of a text."""
        if not isinstance(inner, (ast.GeneratorExp, ast.ListComp)):
            return []
        tested = inner.elt
        others = self._variables.value(tested.comparators[0]) if isinstance(tested, ast.Compare) else None
        fact = {
            "kind": "call",
            "function": f"{name} {function_name(tested) or 'in'}",
            "subject": ast.unparse(inner.generators[0].iter),
            "arguments": [] if others is None else [plain(others)],
            "wanted": not holds,
        }
        if isinstance(tested, ast.Compare) and holds != (name == "all"):
            return [fact, *self._taken(tested, inner.generators[0].target)]
        return [fact, *lookups(inner, self._variables)]

    def _taken(self, tested: ast.Compare, item: ast.expr) -> Facts:
        """Return that a value is taken already: `any(user.email == email for user in USERS)`."""
        sides = [tested.left, *tested.comparators]
        others = [side for side in sides if ast.unparse(item) not in ast.unparse(side)]
        return [{"kind": "compare", "op": "!=", **self._side("left", side)} for side in others]
