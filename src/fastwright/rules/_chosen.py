"""What callers choose: values of a request that become the owner of a row, or are held against who is calling."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from fastwright.project.source import last_name
from fastwright.rules._accounts import names_in, password_columns
from fastwright.rules._callers import is_caller
from fastwright.rules._engine.sql import HOLE
from fastwright.rules._holes import holes
from fastwright.rules._rule import Called, Class, Function, Module, Origin, Route, Scope, View, project_class

_SENT = frozenset({"query", "body", "path", "form", "header"})
# Rows that are about somebody, and not of theirs: who is added to a group, or is told something.
ABOUT = frozenset(
    {"member", "members", "membership", "memberships", "participant", "participants", "assignment", "assignments"}
    | {"collaborator", "collaborators", "role", "roles", "permission", "permissions", "attendee", "attendees"}
    | {"share", "shares", "access", "grant", "invite", "invitation", "notification", "notifications", "log", "logs"}
    | {"token", "tokens", "session", "sessions", "otp", "email", "audit", "device", "subscription", "enrollment"}
)
_ACCOUNTS: WeakKeyDictionary[View, list[Class]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Setting:
    """A column that is set on a new row: of a model, or of a table that a text of SQL names."""

    call: Called
    column: str
    value: ast.expr
    scope: Scope
    model: Class | None = None
    table: str = ""

    @property
    def row(self) -> str:
        """What the row is called."""
        return self.model.name if self.model is not None else self.table


def accounts(view: View) -> list[Class]:
    """Return the models with which people sign in."""
    known = _ACCOUNTS.get(view)
    if known is None:
        models = (one for module in view.modules for one in module.classes if view.fields.is_model(one))
        known = _ACCOUNTS[view] = [one for one in models if password_columns(view, one)]
    return known


def settings(view: View, call: Called) -> Iterator[Setting]:
    """Yield what a call sets on a new row: `Order(user_id=…)`, `insert(Order).values(…)`, `INSERT INTO orders …`."""
    model = call.value
    if isinstance(model, Class) and view.fields.is_model(model):
        for name, value, scope in view.keywords(call):
            yield Setting(call, name, value, scope, model)
        yield from _set_after(view, call, model)
    elif call.name == "values" and isinstance(call.node.func, ast.Attribute):
        for step in view.statements.steps(call.node.func.value, call.scope):
            model = view.value(step.node.args[0], step.scope) if step.name == "insert" and step.node.args else None
            for name, value, scope in view.keywords(call) if isinstance(model, Class) else ():
                yield Setting(call, name, value, scope, project_class(model))
    for sql in view.statements.sql(call.node, call.scope)[:1]:
        columns = [name for name, written in sql.columns if written == HOLE] if sql.verb == "insert" else []
        for column, (_before, value, scope) in zip(columns, holes(view, call), strict=False):
            yield Setting(call, column, value, scope, table=sql.table)


def _set_after(view: View, call: Called, model: Class) -> Iterator[Setting]:
    """Yield what is set on a row after it was made: `order = Order()`, `order.user_id = …`."""
    function = call.site.function
    assigned = list(function.nodes(ast.Assign)) if function else []
    rows = {ast.unparse(target) for one in assigned if one.value is call.node for target in one.targets}
    columns = view.fields.columns(model) if rows else {}
    for one in assigned:
        for target in one.targets:
            if isinstance(target, ast.Attribute) and target.attr in columns and ast.unparse(target.value) in rows:
                yield Setting(call, target.attr, one.value, call.scope, model)


def is_chosen(view: View, route: Route, node: ast.expr, scope: Scope, *, sources: frozenset[str] = _SENT) -> bool:
    """Tell a value that the caller sent, and that nothing holds against who they are."""
    origins = view.origins.of(node, scope)
    if any(one.kind == "field" and one.owner is not None and view.fields.is_model(one.owner) for one in origins):
        return False  # what was loaded, by whatever the caller named, is a row of ours
    sent = [one for one in origins for root in one.roots if source(view, route, root) in sources]
    if not sent or any(is_caller(view, route, one) for one in origins):
        return False
    key = node.slice.value if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) else ""
    names = {str(key), *(one.name for one in origins)} - {""}
    return not any(is_compared(view, route, name) for name in names) and not _is_filled_in(view, route, names)


def _is_filled_in(view: View, route: Route, names: set[str]) -> bool:
    """Tell a field of the body that the code sets before it is used: `vote.user_id = user.id`."""
    for reached in view.reached(route, "endpoint"):
        given = reached.function.parameters
        for target, value in (pair for node in reached.function.nodes(ast.Assign) for pair in _pairs(node)):
            is_field = isinstance(target, ast.Attribute) and target.attr in names and last_name(target.value) in given
            if is_field and not names.intersection(names_in(value)):
                return True
    return False


def _pairs(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield each target with what it is set to, also of `a, b = x, y`."""
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=False)
        else:
            yield target, node.value


def taken_at(view: View, route: Route, node: ast.expr, scope: Scope) -> tuple[Function | Module, ast.AST]:
    """Return where a value is taken out of what the caller sent: nearer to the endpoint than where it is set."""
    for one in view.origins.of(node, scope):
        if one.kind in ("field", "call") and any(source(view, route, root) in _SENT for root in one.roots):
            return one.scope.function or one.scope.module, one.node
    return scope.function or scope.module, node


def source(view: View, route: Route, root: Origin) -> str:
    """Return from which part of a request a value comes."""
    if root.kind != "parameter" or root.function is None or not view.fills(route, root.function):
        return ""
    return next((one.source for one in view.parameters.own(route, root.function) if one.name == root.name), "")


def is_compared(view: View, route: Route, name: str) -> bool:
    """Tell whether what the caller chose is held against who they are."""
    for reached in view.reached(route):
        for node in reached.function.nodes(ast.Compare):
            sides = [node.left, *node.comparators]
            mentioned = [one for one in sides if name in names_in(one) or _is_loaded_by(one, name, reached.function)]
            others = [one for one in sides if one not in mentioned]
            if mentioned and any(
                is_caller(view, route, origin) for one in others for origin in view.origins.of(one, reached.scope)
            ):
                return True
    return False


def _is_loaded_by(node: ast.expr, name: str, function: Function) -> bool:
    """Tell a part of what was loaded by a value: `user.id` after `user = query(User).get(body.user_id)`."""
    row = node.value if isinstance(node, ast.Attribute) else None
    bindings = function.facts.bindings.get(row.id, ()) if isinstance(row, ast.Name) else ()
    return any(name in names_in(one.value) for one in bindings)


def is_signed(view: View, route: Route, model: Class, owners: set[str]) -> bool:
    """Tell a row on which the code writes who made it: `row.created_by = user.id`. Whom else it names may be chosen."""
    columns = view.fields.columns(model)
    assigned = (
        (node.value, one.scope)
        for one in view.reached(route, "endpoint")
        for node in one.function.nodes(ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute) and target.attr in columns
    )
    given = (
        (one.value, one.scope)
        for call in view.calls(route, "endpoint")
        for one in settings(view, call)
        if one.model is model and one.column in owners
    )
    return any(is_caller(view, route, one) for value in (*assigned, *given) for one in view.origins.of(*value))


def equalities(call: Called) -> Iterator[tuple[str, ast.expr]]:
    """Yield what a query holds columns against: `where(Order.user_id == user_id)`, `filter_by(user_id=user_id)`."""
    yield from ((one.arg, one.value) for one in call.node.keywords if one.arg)
    for argument in call.node.args:
        for node in ast.walk(argument):
            if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq):
                continue
            if isinstance(node.left, ast.Attribute):
                yield node.left.attr, node.comparators[0]


def loaded(view: View, call: Called) -> list[Class]:
    """Return the models of the rows that a call loads: `session.get(User, …)`, `query(User).filter(…)`."""
    if call.name in ("get", "get_one") and call.node.args:
        value = view.value(call.node.args[0], call.scope)
        return [value] if isinstance(value, Class) else []
    return view.statements.models(call.node.func.value, call.scope) if isinstance(call.node.func, ast.Attribute) else []
