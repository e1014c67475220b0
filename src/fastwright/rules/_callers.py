"""Who is calling, and what they may do: what several rules about access ask."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from fastwright.project.source import last_name
from fastwright.rules._accounts import instance_model, is_known, is_login, names_in, password_columns
from fastwright.rules._engine.guards import (
    answers_refusal,
    is_credential,
    is_guard,
    reads_credentials,
    refuses,
    scheme,
)
from fastwright.rules._rule import (
    Bound,
    Class,
    Dependency,
    Function,
    Instance,
    Origin,
    Parameter,
    Reached,
    Route,
    View,
    project_class,
)
from fastwright.rules._words import words

_RIGHTS: WeakKeyDictionary[View, frozenset[str]] = WeakKeyDictionary()
_CALLERS: WeakKeyDictionary[Route, list[Dependency]] = WeakKeyDictionary()
_RESTRICTED: WeakKeyDictionary[Route, bool] = WeakKeyDictionary()
_TESTED: WeakKeyDictionary[Function, frozenset[str]] = WeakKeyDictionary()
_CHECKING: WeakKeyDictionary[Route, bool] = WeakKeyDictionary()
_MIDDLEWARES: WeakKeyDictionary[View, list[Function]] = WeakKeyDictionary()
_ADDING = frozenset({"add_middleware", "Middleware"})
# How many calls away from an endpoint a check of its own may be.
_NEAR = 3
# Where an app keeps who is calling, and what it makes of a token.
_KEPT = re.compile(r"\b(?:request|req|websocket)\.(?:state|user|session|cookies)\b|decode\(")
_FORBIDDEN = re.compile(r"403|forbidden|permission", re.IGNORECASE)
_POWERS = frozenset(
    {"admin", "superuser", "staff", "role", "roles", "permission", "permissions", "scope", "scopes", "moderator"}
    | {"superadmin", "manager", "privileged", "root", "operator", "internal"}
)


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


def _is_restricted(view: View, route: Route) -> bool:
    if route.endpoint.auth.roles:
        return True
    guards = [one.shown for one in route.endpoint.auth.guards if one.refuses]
    # A manager of users is nobody's role.
    asking = [one for one in route.dependencies if one.function is None or refuses(one.function)]
    named = [*guards, *(ast.unparse(one.target) for one in asking if one.target is not None)]
    named += [one.function.qualname for one in asking if one.function is not None]
    if any(set(words(name)) & _POWERS for name in named):
        return True
    powers = rights(view)
    unasked = {id(one.function) for one in route.dependencies if _asks_for_no_role(view, one)}
    reached = (one for one in view.reached(route) if not _is_for_all(one) and id(one.function) not in unasked)
    checking = (one.function for one in reached if _checks_power(view, one.function, powers))
    # Of somebody who is not known nothing can be checked but what is refused right there.
    is_anonymous = not is_known(view, route) and not callers(view, route)
    return any(not is_anonymous or refuses(one) for one in checking)


def _asks_for_no_role(view: View, one: Dependency) -> bool:
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


def callers(view: View, route: Route) -> list[Dependency]:
    """Return the dependencies that say who is calling: those with a scheme or a refusal below them."""
    known = _CALLERS.get(route)
    if known is None:
        told = [one for one in route.dependencies if one.parameter and _tells_caller(view, one, 4)]
        known = _CALLERS[route] = told
    return known


def _tells_caller(view: View, one: Dependency, depth: int) -> bool:
    if scheme(one) or is_guard(one, view.evaluator):
        return True
    function = one.function
    if function is None or depth == 0:
        return False
    inner = view.depending.signature(function)
    return any(_tells_caller(view, below, depth - 1) for below in inner)


def checks_itself(view: View, route: Route) -> bool:
    """Tell an endpoint that looks at credentials by its own code, or by a function that it calls, and refuses."""
    known = _CHECKING.get(route)
    if known is None:
        checks = any(_checkers(view, route)) and not is_login(view, route)
        known = _CHECKING[route] = checks or _is_decorated(view, route)
    return known


def _is_decorated(view: View, route: Route) -> bool:
    """Tell an endpoint under a decorator that refuses callers: `@login_required`."""
    function = route.function
    decorators = function.node.decorator_list if function is not None else []
    place = decorators.index(route.decorator) + 1 if route.decorator in decorators else 0
    for one in decorators[place:]:
        made = one.func if isinstance(one, ast.Call) else one
        value = view.value(made, view.scope(function.module)) if function is not None else None
        if isinstance(value, Bound) and refuses(value.function) and _reads_within(value.function):
            return True
    return False


def _reads_within(function: Function) -> bool:
    return reads_credentials(function) or any(_reads_within(inner) for inner in function.inner)


def _checkers(view: View, route: Route) -> Iterator[Reached]:
    """Yield what runs for an endpoint, and refuses callers by a credential that is no dependency."""
    if route.function is None:
        return
    asked = any(_is_asked(one) for one in view.parameters.own(route, route.function))
    for reached in view.reached(route, "endpoint"):
        if reached.depth <= _NEAR and refuses(reached.function) and (asked or reads_credentials(reached.function)):
            yield reached


def _is_asked(one: Parameter) -> bool:
    return one.source in ("header", "cookie", "query") and is_credential(one.name)


def refusing_middleware(view: View) -> list[Function]:
    """Return the middlewares of the app that answer 401 or 403 to whom they do not know."""
    known = _MIDDLEWARES.get(view)
    if known is None:
        added = {
            last_name(one)
            for site, _scope in view.sites(view.naming("iddleware"), lambda name: name in _ADDING)
            for one in site.node.args
        }
        found = [one for module in view.naming("iddleware") for one in module.functions if _is_middleware(one)]
        found = [one for one in found if one.owner is None or one.owner.name in added]
        known = _MIDDLEWARES[view] = [one for one in found if reads_credentials(one) and answers_refusal(one)]
    return known


def _is_middleware(function: Function) -> bool:
    names = list(function.parameters)
    return names[:2] == ["request", "call_next"] or (function.name == "__call__" and names[:1] == ["scope"])


def is_caller(view: View, route: Route, origin: Origin) -> bool:
    """Tell a value that comes from who is calling: from a guard, a credential, or what the app keeps on the request."""
    known = {(id(one.owner), one.parameter) for one in callers(view, route)}
    for root in origin.roots:
        if root.kind == "parameter" and (id(root.function), root.name) in known:
            return True
        if root.kind == "parameter" and root.function is route.function and checks_itself(view, route):
            asked = view.parameters.own(route, root.function) if root.function is not None else ()
            if any(one.name == root.name and _is_asked(one) for one in asked):
                return True
        if root.kind == "call" and any(is_caller(view, route, one) for one in root.parents):
            return True
        text = ast.unparse(root.node) if isinstance(root.node, ast.expr) else ""
        if _KEPT.search(text):
            return True
    return False


def user_models(view: View, route: Route) -> list[Class]:
    """Return the models of those who call: what the guards of an endpoint give."""
    found: list[Class] = []
    if not callers(view, route) and checks_itself(view, route) and route.function is not None:
        return _looked_up(view, route.function)
    for one in callers(view, route):
        function = one.owner
        if function is None or one.parameter not in function.parameters:
            continue
        given = project_class(view.evaluator.types.parameter(function, one.parameter, view.scope(function)))
        if given is not None and given not in found:
            found.append(given)
    return found


def _looked_up(view: View, function: Function) -> list[Class]:
    """Return the models of what an endpoint gets from a function that refuses: `account = account_for(token)`."""
    scope = view.scope(function)
    found: list[Class] = []
    for binding in (one for bindings in function.facts.bindings.values() for one in bindings):
        call = binding.value.value if isinstance(binding.value, ast.Await) else binding.value
        called = view.value(call.func, scope) if isinstance(call, ast.Call) else None
        given = (
            project_class(view.value(call, scope)) if isinstance(called, Bound) and refuses(called.function) else None
        )
        if given is not None and view.fields.is_model(given) and given not in found:
            found.append(given)
    return found
