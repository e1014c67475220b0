"""Follow a statement back to where it was begun: through its chain of calls, and through the variable that holds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from fastwright.changes.editing.index import Scope, dotted
from fastwright.changes.editing.names import all_parameters

_BEGINNINGS = frozenset({"select", "query"})
# What a statement or a query returns of itself; any other method may make a statement of its own.
_LINKS = frozenset(
    {
        *("where", "filter", "filter_by", "order_by", "limit", "offset", "slice", "distinct", "group_by", "having"),
        *("options", "join", "outerjoin", "select_from", "add_columns", "with_for_update", "execution_options"),
        *("unique", "populate_existing", "yield_per"),
    }
)


@dataclass(frozen=True)
class Traced:
    """The calls of `select` or `query` that an expression may go back to; `is_given` if it comes from a parameter."""

    roots: tuple[cst.Call, ...] = ()
    is_given: bool = False

    def __or__(self, other: Traced) -> Traced:
        """Return what either goes back to."""
        return Traced((*self.roots, *other.roots), self.is_given or other.is_given)


def chain(expression: cst.BaseExpression) -> tuple[list[cst.Call], cst.BaseExpression]:
    """Return the calls of `a.b(...).c(...)`, the last first, and the expression that they begin with."""
    calls: list[cst.Call] = []
    while True:
        if isinstance(expression, cst.Call):
            calls.append(expression)
            expression = expression.func
        elif isinstance(expression, cst.Attribute | cst.Subscript):
            expression = expression.value
        elif isinstance(expression, cst.Await):
            expression = expression.expression
        else:
            return calls, expression


def called(call: cst.Call) -> str:
    """Return the last name of what is called."""
    func = call.func
    if isinstance(func, cst.Attribute):
        return func.attr.value
    return func.value if isinstance(func, cst.Name) else ""


def traced(expression: cst.BaseExpression, scopes: Sequence[Scope], module: cst.Module) -> Traced:
    """Return where a statement was begun, as far as this file tells."""
    return _traced(expression, scopes, module, frozenset())


def _traced(
    expression: cst.BaseExpression, scopes: Sequence[Scope], module: cst.Module, seen: frozenset[str]
) -> Traced:
    calls, bottom = chain(expression)
    root = next((call for call in reversed(calls) if called(call) in _BEGINNINGS), None)
    if root is not None:
        return Traced((root,))
    if not isinstance(bottom, cst.Name) or bottom.value in seen:
        return Traced()
    if any(called(call) not in _LINKS for call in calls):
        return Traced()
    name = bottom.value
    for number, scope in reversed(list(enumerate(scopes))):
        if not isinstance(scope, cst.FunctionDef):
            continue
        values = list(assigned(scope.body, name))
        is_given = any(parameter.name.value == name for parameter in all_parameters(scope.params))
        if values or is_given:
            found = Traced(is_given=is_given and not any(_is_begun(value) for value in values))
            for value in values:
                found |= _traced(value, scopes[: number + 1], module, seen | {name})
            return found
    found = Traced()
    for value in assigned(module, name):
        found |= _traced(value, (), module, seen | {name})
    return found


def _is_begun(value: cst.BaseExpression) -> bool:
    return any(called(call) in _BEGINNINGS for call in chain(value)[0])


def assigned(block: cst.CSTNode, name: str) -> Iterator[cst.BaseExpression]:
    """Yield what a name is set to in a block; functions and classes inside it have names of their own."""
    found = _Assigned(name)
    block.visit(found)
    return iter(found.values)


class _Assigned(cst.CSTVisitor):
    """Collects the values that are assigned to one name."""

    # ruff: noqa: N802 - libcst finds the methods of a visitor by these names

    def __init__(self, name: str) -> None:
        super().__init__()
        self.values: list[cst.BaseExpression] = []
        self._name = name

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:  # noqa: ARG002
        return False

    def visit_ClassDef(self, node: cst.ClassDef) -> bool:  # noqa: ARG002
        return False

    def visit_Assign(self, node: cst.Assign) -> None:
        if any(dotted(target.target) == self._name for target in node.targets):
            self.values.append(node.value)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        if node.value is not None and dotted(node.target) == self._name:
            self.values.append(node.value)

    def visit_NamedExpr(self, node: cst.NamedExpr) -> None:
        if dotted(node.target) == self._name:
            self.values.append(node.value)
