"""Who is calling: what several rules about access ask."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from fastwright.project.source import last_name
from fastwright.rules._accounts import is_login
from fastwright.rules._engine.guards import (
    answers_refusal,
    is_credential,
    is_guard,
    lets_nobody_in,
    reads_credentials,
    refuses,
    scheme,
)
from fastwright.rules._rule import (
    Bound,
    Class,
    Dependency,
    Function,
    Origin,
    Parameter,
    Reached,
    Route,
    View,
    project_class,
)

_CALLERS: WeakKeyDictionary[Route, list[Dependency]] = WeakKeyDictionary()
_CLOSED: WeakKeyDictionary[Route, bool] = WeakKeyDictionary()
_CHECKING: WeakKeyDictionary[Route, bool] = WeakKeyDictionary()
_MIDDLEWARES: WeakKeyDictionary[View, list[Function]] = WeakKeyDictionary()
_ADDING = frozenset({"add_middleware", "Middleware"})
# How many calls away from an endpoint a check of its own may be.
_NEAR = 3
# Where an app keeps who is calling, and what it makes of a token.
_KEPT = re.compile(r"\b(?:request|req|websocket)\.(?:state|user|session|cookies)\b|decode\(")


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


def is_closed(view: View, route: Route) -> bool:
    """Tell an endpoint that refuses strangers, as far as can be read, or as it did when it was tried."""
    known = _CLOSED.get(route)
    if known is None:
        is_asked = route.auth.required and (route.auth.proven or not _lets_in_anyway(view, route))
        known = _CLOSED[route] = is_asked or checks_itself(view, route)
    return known


def _lets_in_anyway(view: View, route: Route) -> bool:
    """Tell an endpoint that only asks for a caller who may be nobody."""
    given = [one.function for one in route.dependencies if one.function is not None]
    return any(map(lets_nobody_in, given)) and not any(is_guard(one, view.evaluator) for one in route.dependencies)


def _is_decorated(view: View, route: Route) -> bool:
    """Tell an endpoint under a decorator that refuses callers: `@login_required`."""
    for made in decorators(route):
        value = view.value(made, view.scope(route.function.module)) if route.function is not None else None
        if isinstance(value, Bound) and refuses(value.function) and _reads_within(value.function):
            return True
    return False


def decorators(route: Route) -> Iterator[ast.expr]:
    """Yield the decorators below the one that registers, without what they are called with: they run before it."""
    decorators = route.function.node.decorator_list if route.function is not None else []
    place = decorators.index(route.decorator) + 1 if route.decorator in decorators else 0
    yield from (one.func if isinstance(one, ast.Call) else one for one in decorators[place:])


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
