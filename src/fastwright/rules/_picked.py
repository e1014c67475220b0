"""Roles that callers pick by their names: `select(Role).where(Role.name == body.role)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.rules._loading import FILTERS
from fastwright.rules._rule import Class, Function, Origin, Scope, Step, View, project_class
from fastwright.rules._words import is_privilege, words

# Who may do more than those who sign up by themselves.
_ABOVE = frozenset({"admin", "administrator", "superuser", "superadmin", "staff", "moderator", "manager", "root"})


def picked(view: View, node: ast.expr, scope: Scope) -> Iterator[Origin]:
    """Yield what a role is looked up by that a value is, or is the key of, unless only harmless ones can be named."""
    for step in view.statements.steps(node, scope):
        if step.name in FILTERS and any(is_privilege(one.name) for one in _models(view, step)):
            for side in _sides(step.node):
                for origin in view.origins.of(side, step.scope):
                    if origin.kind == "parameter" or not _is_harmless(view, origin):
                        yield origin


def is_looked_at(functions: Iterator[Function]) -> bool:
    """Tell code that refuses a role by what it is: `if body.role == "admin": raise …`."""
    return any(
        isinstance(one, ast.Attribute) and is_privilege(one.attr)
        for function in functions
        for node in function.nodes(ast.If)
        if any(isinstance(inner, ast.Raise) for statement in node.body for inner in ast.walk(statement))
        for one in ast.walk(node.test)
    )


def _models(view: View, step: Step) -> list[Class]:
    func = step.node.func
    return view.statements.models(func.value, step.scope) if isinstance(func, ast.Attribute) else []


def _sides(call: ast.Call) -> Iterator[ast.expr]:
    for one in call.args:
        if isinstance(one, ast.Compare) and isinstance(one.ops[0], ast.Eq):
            yield from (one.left, *one.comparators)
    yield from (one.value for one in call.keywords if one.arg)


def _is_harmless(view: View, origin: Origin) -> bool:
    """Tell a field that is one of several words of which none stands for more rights: an enumeration, a `Literal`."""
    fields = [
        field
        for one in (origin, *origin.parents)
        if one.owner is not None and (field := view.fields.of(one.owner).get(one.name)) is not None
    ]
    for field in fields:
        kind = project_class(view.evaluator.types.annotated(field.annotation, view.scope(field.owner.module)))
        named = set(kind.attributes) if kind is not None else set[str]()
        if "Literal[" in field.written_type:
            named |= {field.written_type}
        if named and not any(_ABOVE & set(words(one)) for one in named):
            return True
    return False
