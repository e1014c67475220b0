"""How a function ends, and what was known when it did: what is returned or raised, after which tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.rules._rule import Function

_ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)


@dataclass(frozen=True, eq=False)
class Outcome:
    """A `return` or `raise`, and the tests that led there, each with whether it held; the nearest comes last.

    A test counts also after a branch that ends the function: below `if not user: raise …` there is a user. What stands
    in a handler has that as its test.
    """

    node: ast.Return | ast.Raise
    tests: tuple[tuple[ast.expr | ast.ExceptHandler, bool], ...]

    @property
    def value(self) -> ast.expr | None:
        """What is returned or raised."""
        return self.node.value if isinstance(self.node, ast.Return) else self.node.exc


_Tests = tuple[tuple[ast.expr | ast.ExceptHandler, bool], ...]


def outcomes(function: Function) -> Iterator[Outcome]:
    """Yield the ends of a function in order; functions inside it are left to themselves."""
    yield from _walk(function.node.body, ())


def atoms(test: ast.expr, holds: bool) -> Iterator[tuple[ast.expr, bool]]:
    """Yield the parts of a test, each with whether it held, as far as that may be so."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from atoms(test.operand, not holds)
    elif isinstance(test, ast.BoolOp):
        for one in test.values:
            yield from atoms(one, holds)
    else:
        yield test, holds


def absent(test: ast.expr, holds: bool) -> ast.expr | None:
    """Return what is not there if a test has this result: `user`, of `user is None` that held."""
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        says_none = isinstance(test.ops[0], ast.Is | ast.Eq) == holds and _is_none(test.comparators[0])
        says_other = isinstance(test.ops[0], ast.IsNot | ast.NotEq) != holds and _is_none(test.comparators[0])
        if isinstance(test.ops[0], ast.In | ast.NotIn):
            return test.comparators[0] if isinstance(test.ops[0], ast.NotIn) == holds else None
        found = test.left if says_none and says_other else None
    else:
        found = None if holds else test
    found = found.target if isinstance(found, ast.NamedExpr) else found
    is_item = isinstance(found, ast.Subscript) and not isinstance(getattr(found.slice, "value", None), str)
    return found if isinstance(found, ast.Name) or is_item else None


def _walk(body: list[ast.stmt], tests: _Tests) -> Iterator[Outcome]:
    for node in body:
        if isinstance(node, ast.Return | ast.Raise):
            yield Outcome(node, tests)
        elif isinstance(node, ast.If):
            yield from _walk(node.body, (*tests, (node.test, True)))
            yield from _walk(node.orelse, (*tests, (node.test, False)))
            if _ends(node.body) or _ends(node.orelse):
                tests = (*tests, (node.test, not _ends(node.body)))
        else:
            yield from _within(node, tests)


def _within(node: ast.stmt, tests: _Tests) -> Iterator[Outcome]:
    if isinstance(node, ast.Try):
        yield from _walk([*node.body, *node.orelse, *node.finalbody], tests)
        for handler in node.handlers:
            yield from _walk(handler.body, (*tests, (handler, True)))
    elif isinstance(node, ast.Match):
        for case in node.cases:
            yield from _walk(case.body, tests)
    elif isinstance(node, ast.With | ast.AsyncWith | ast.For | ast.AsyncFor | ast.While):
        yield from _walk(node.body, tests)


def _ends(body: list[ast.stmt]) -> bool:
    """Tell a block after which nothing of the function runs."""
    last = body[-1] if body else None
    if isinstance(last, ast.If):
        return _ends(last.body) and _ends(last.orelse)
    return isinstance(last, _ENDS)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
