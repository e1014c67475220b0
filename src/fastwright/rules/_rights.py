"""What callers may do: endpoints for a role or a permission, and what says who has one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from fastwright.project.source import arguments, last_name
from fastwright.rules._accounts import instance_model, is_known, names_in, password_columns
from fastwright.rules._callers import callers, decorators
from fastwright.rules._engine.guards import refuses
from fastwright.rules._holders import holders
from fastwright.rules._rule import Class, Dependency, Function, Instance, Reached, Route, View
from fastwright.rules._words import words

_RIGHTS: WeakKeyDictionary[View, frozenset[str]] = WeakKeyDictionary()
_RESTRICTED: WeakKeyDictionary[Route, bool] = WeakKeyDictionary()
_TESTED: WeakKeyDictionary[Function, frozenset[str]] = WeakKeyDictionary()
_FORBIDDEN = re.compile(r"403|forbidden|permission", re.IGNORECASE)
_POWERS = frozenset(
    {"admin", "superuser", "staff", "role", "roles", "permission", "permissions", "scope", "scopes", "moderator"}
    | {"superadmin", "manager", "privileged", "root", "operator", "internal"}
)
# The roles of those for whom an app is made, whoever else may do the same.
_ORDINARY = frozenset({"user", "member", "customer", "client", "buyer", "guest", "student", "patient", "viewer"})


def rights(view: View) -> frozenset[str]:
    """Return the fields of users that guards look at before they refuse: whatever they are called, they are rights."""
    known = _RIGHTS.get(view)
    if known is None:
        known = _RIGHTS[view] = frozenset(name for one in view.functions for name in _refused_without(view, one))
    return known


def _refused_without(view: View, function: Function) -> Iterator[str]:
    for node, around in function.facts.raises:
        if not _FORBIDDEN.search(ast.unparse(node)):
            continue
        for test, _holds in around.branches[-1:]:
            for one in _asked_alone(view, test, function):
                if isinstance(one, ast.Subscript) and isinstance(one.slice, ast.Constant):
                    key = str(one.slice.value)
                    yield from [key] if words(key)[-1:] not in (("id",), ("active",)) else []
                if isinstance(one, ast.Attribute) and words(one.attr)[-1:] not in (("id",), ("active",)):
                    model = instance_model(view, one.value, function)
                    if model is not None and one.attr in view.fields.columns(model) and password_columns(view, model):
                        yield one.attr


def _asked_alone(view: View, test: ast.expr, function: Function) -> Iterator[ast.AST]:
    """Yield the parts of a test, without comparisons of the columns of two rows: these say whose one of them is."""
    waiting: list[ast.AST] = [test]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.Compare):
            sides = (one.left, *one.comparators)
            rows = [side.value for side in sides if isinstance(side, ast.Attribute)]
            if len(rows) == len(sides) and all(instance_model(view, row, function) is not None for row in rows):
                continue
        yield one
        waiting += ast.iter_child_nodes(one)


def is_restricted(view: View, route: Route) -> bool:
    """Tell whether an endpoint is for those with a role or a permission, by its guards or by a check in its body."""
    known = _RESTRICTED.get(route)
    if known is None:
        known = _RESTRICTED[route] = _is_restricted(view, route)
    return known


def ranks(view: View, route: Route) -> set[str]:
    """Return the words of the roles that guards ask for, or that have what these ask for; of those above all none."""
    powers = rights(view)
    own = [one for one in route.dependencies if one.target is not None and one.owner in (None, route.function)]
    found: set[str] = set()
    for one in own:
        held = holders(view, one)
        if held is not None:
            found |= held
        elif one.target is not None and _asks_for_role(view, one, powers):
            found |= set(words(ast.unparse(one.target)))
    texts = [ast.unparse(one) for made in _role_decorators(route) for one in (*made.args, *made.keywords)]
    return (found | {word for text in texts for word in words(text)}) - {"user", "users", "id", "by"} - _POWERS


def _role_decorators(route: Route) -> list[ast.Call]:
    """Return the decorators that are given roles: `@permission_required(roles=["seller"])`."""
    found = route.function.node.decorator_list if route.function is not None else []
    calls = [one for one in found if isinstance(one, ast.Call) and one is not route.decorator]
    return [one for one in calls if set(words(ast.unparse(one.func))) & _POWERS]


def _asks_for_role(view: View, one: Dependency, powers: frozenset[str]) -> bool:
    named = bool(set(words(ast.unparse(one.target))) & _POWERS) if one.target is not None else False
    return named or (one.function is not None and _checks_power(view, one.function, powers))


def _is_restricted(view: View, route: Route) -> bool:
    if route.auth.roles:
        return True
    open_to_all = [one for one in route.dependencies if _asks_for_no_role(view, route, one)]
    unasked = {id(one.function) for one in open_to_all}
    unnamed = {ast.unparse(one.target) for one in open_to_all if one.target is not None}
    guards = [one.shown for one in route.auth.guards if one.refuses and one.shown not in unnamed]
    # A manager of users is nobody's role.
    asking = [one for one in route.dependencies if one.function is None or refuses(one.function)]
    asking = [one for one in asking if one not in open_to_all]
    named = [*guards, *(ast.unparse(one.target) for one in asking if one.target is not None)]
    named += [one.function.qualname for one in asking if one.function is not None]
    named += [ast.unparse(one) for one in decorators(route)]
    if any(set(words(name)) & _POWERS for name in named):
        return True
    powers = rights(view)
    reached = (one for one in view.reached(route) if not _is_for_all(one) and id(one.function) not in unasked)
    checking = (one.function for one in reached if _checks_power(view, one.function, powers))
    # Of somebody who is not known nothing can be checked but what is refused right there.
    is_anonymous = not is_known(view, route) and not callers(view, route)
    return any(not is_anonymous or refuses(one) for one in checking)


def _asks_for_no_role(view: View, route: Route, one: Dependency) -> bool:
    """Tell a guard that anybody with an account passes, whatever it is called, and could ask for."""
    return _is_unscoped(route, one) or _lets_users_in(view, one) or _chooses_none(view, one) or _is_idle(route, one)


def _is_idle(route: Route, one: Dependency) -> bool:
    """Tell a guard that refuses nobody, and gives something at which the endpoint never looks: `optional_admin`."""
    if one.function is None or route.function is None or one.owner is not route.function or refuses(one.function):
        return False
    return bool(one.parameter) and all(node.id != one.parameter for node in route.function.nodes(ast.Name))


def _is_unscoped(route: Route, one: Dependency) -> bool:
    """Tell a guard that reads `SecurityScopes`, on which an endpoint depends without any: `Depends(scoped_user)`."""
    if one.function is None or one.target is None or one.owner is not route.function:
        return False
    annotations = (given.annotation for given in one.function.parameters.values() if given.annotation is not None)
    if not any("SecurityScopes" in ast.unparse(annotation) for annotation in annotations):
        return False
    signature = ast.unparse(route.function.node.args) if route.function is not None else ""
    return f"Depends({ast.unparse(one.target)})" in signature


def _lets_users_in(view: View, one: Dependency) -> bool:
    """Tell a guard with several roles, of which one is that of ordinary people: `RoleChecker(["admin", "user"])`."""
    written = view.constants.written(one.target, one.scope)
    made = written[0] if written is not None else None
    if not isinstance(made, ast.Call) or not {"role", "roles"} & set(words(last_name(made.func))):
        return False
    nodes = [node for given in arguments(made) for node in ast.walk(given)]
    named = {str(node.value).lower() for node in nodes if isinstance(node, ast.Constant)}
    named |= {node.attr.lower() for node in nodes if isinstance(node, ast.Attribute)} - {"value"}
    return len(named) > 1 and bool(named & _ORDINARY)


def _chooses_none(view: View, one: Dependency) -> bool:
    """Tell a guard of a factory with roles to choose from, of which none was chosen: `current_user()`."""
    factory = one.function.outer if one.function is not None else None
    written = view.constants.written(one.target, one.scope)
    made = written[0] if written is not None else None
    if factory is None or not isinstance(made, ast.Call):
        return False
    names = list(factory.parameters)
    choosing = [name for name in names if set(words(name)) & _POWERS]
    if not choosing:
        return not made.args and not made.keywords and bool(names or factory.node.args.vararg)
    given = dict(zip(names, made.args, strict=False)) | {str(option.arg): option.value for option in made.keywords}
    chosen = [given.get(name, factory.defaults.get(name)) for name in choosing]
    return all(isinstance(node, ast.Constant) and not node.value for node in chosen)


def _is_for_all(reached: Reached) -> bool:
    """Tell a guard with roles to choose from, of which none was chosen: `SignedIn()`."""
    me = reached.scope.me
    made = me.made[0] if isinstance(me, Instance) and me.made is not None else None
    if made is None or made.args or made.keywords or reached.function.name != "__call__":
        return False
    init = me.of.methods.get("__init__") if isinstance(me, Instance) and isinstance(me.of, Class) else None
    return init is not None and bool(init.parameters or init.node.args.vararg)


def _checks_power(view: View, function: Function, powers: frozenset[str]) -> bool:
    """Tell a function that raises, or answers otherwise, depending on a role; not on one that was sent."""
    found = {name for name in _tested(function) if name in powers or set(words(name)) & _POWERS}
    if not found:
        return False
    read = [node for node in function.nodes(ast.Attribute) if node.attr in found and isinstance(node.ctx, ast.Load)]
    values = [view.value(node.value, view.scope(function)) for node in read]
    sent = [
        isinstance(one, Instance) and view.fields.is_schema(one) and not view.fields.is_model(one) for one in values
    ]
    return not sent or not all(sent) or bool(found - {node.attr for node in read})


def _tested(function: Function) -> frozenset[str]:
    """Return the names on which it depends what a function does."""
    known = _TESTED.get(function)
    if known is None:
        tests = [*(node.test for node in function.nodes(ast.If)), *(node.test for node in function.nodes(ast.IfExp))]
        known = _TESTED[function] = frozenset(name for test in tests for name in names_in(test))
    return known


def lets_owners_in(view: View, route: Route) -> bool:
    """Tell an endpoint for those with a power, and for everybody as far as it is theirs."""
    found = (node.test for one in view.reached(route) for node in one.function.nodes(ast.If))
    return any(_is_for_owners(test) for test in found)


def _is_for_owners(test: ast.expr) -> bool:
    """Tell `me.id == user.id or me.is_admin`, and `me.id != user.id and not me.is_admin`."""
    if not isinstance(test, ast.BoolOp):
        return False
    wanted = ast.Eq if isinstance(test.op, ast.Or) else ast.NotEq
    compared = (one for one in test.values if isinstance(one, ast.Compare) and isinstance(one.ops[0], wanted))
    is_held = any(_is_id(one.left) and _is_id(one.comparators[0]) for one in compared)
    return is_held and any(set(words(name)) & _POWERS for name in names_in(test))


def _is_id(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute | ast.Name) and words(last_name(node))[-1:] == ("id",)
