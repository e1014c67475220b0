"""A guard that guards nothing.

## What it does
Finds a guard that is never asked: named in `Annotated` or as a default without `Depends`, a factory that is handed to
`Depends` without being called, a decorator above the one that registers the endpoint, and a guard, middleware or
limiter that is defined and used nowhere. And a guard that cannot refuse: its error is made and not raised, or nobody
awaits it.

## Why it hurts
The code reads as if it were protected. FastAPI takes a guard without `Depends` for documentation, and a factory that is
not called returns its inner function, which nobody calls.

## Bad
```python
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request

from shop.reports import ReportOut, load_report

app = FastAPI()


def require_staff(request: Request) -> str:
    if "x-staff" not in request.headers:
        raise HTTPException(403)
    return request.headers["x-staff"]


def require_role(role: str):
    def check(request: Request) -> None:
        if request.headers.get("x-role") != role:
            raise HTTPException(403)

    return check


@app.get("/reports/{report_id}")
def read_report(report_id: int, staff: Annotated[str, require_staff]) -> ReportOut:  # <- found
    return load_report(report_id)


@app.get("/summaries/{report_id}", dependencies=[Depends(require_role)])  # <- found
def read_summary(report_id: int) -> ReportOut:
    return load_report(report_id)
```

## Good
```python
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request

from shop.reports import ReportOut, load_report

app = FastAPI()


def require_staff(request: Request) -> str:
    if "x-staff" not in request.headers:
        raise HTTPException(403)
    return request.headers["x-staff"]


def require_role(role: str):
    def check(request: Request) -> None:
        if request.headers.get("x-role") != role:
            raise HTTPException(403)

    return check


@app.get("/reports/{report_id}")
def read_report(report_id: int, staff: Annotated[str, Depends(require_staff)]) -> ReportOut:
    return load_report(report_id)


@app.get("/summaries/{report_id}", dependencies=[Depends(require_role("staff"))])
def read_summary(report_id: int) -> ReportOut:
    return load_report(report_id)
```

## Known limits
A guard that is only used by other projects, as in a library, looks unused here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import last_name
from fastwright.rules._engine.endpoints import METHODS
from fastwright.rules._engine.guards import refuses
from fastwright.rules._powerless import above, for_nothing
from fastwright.rules._rule import Bound, Class, Found, Function, Instance, Module, Route, Rule, Value, View, at

RULE = Rule("access", "high", ("ASVS 5.0.0 8.3.1", "API5:2023", "CWE-862"))
_LIMITERS = frozenset({"Limiter", "RateLimiter"})


def find(view: View) -> Iterator[Found]:
    filled = {id(function): function for route in view.routes for function in _filled(route)}
    for function in filled.values():
        yield from _without_depends(view, function)
    yield from _not_filled(view, filled)
    yield from _not_called(view)
    yield from _unused(view)
    yield from above(view)
    yield from for_nothing(view)


def _filled(route: Route) -> Iterator[Function]:
    """Yield the functions whose parameters are filled for an endpoint."""
    found = [route.function, *(one.function for one in route.dependencies)]
    yield from (one for one in found if one is not None)


def _without_depends(view: View, function: Function) -> Iterator[Found]:
    scope = view.scope(function)
    for name, parameter in function.parameters.items():
        annotation, where = (
            view.evaluator.types.alias(parameter.annotation, scope) if parameter.annotation else (None, scope)
        )
        if isinstance(annotation, ast.Subscript) and isinstance(annotation.slice, ast.Tuple):
            for part in annotation.slice.elts[1:]:
                guard = _guard(view, view.value(part, where))
                if guard is not None:
                    message = f"`{guard.name}` is named for `{name}` without `Depends`, so nobody asks it"
                    yield at(function, parameter, message)
        guard = _guard(view, view.value(function.defaults.get(name), scope))
        if guard is not None:
            yield at(
                function, parameter, f"`{guard.name}` is the default of `{name}` without `Depends`, so nobody asks it"
            )


def _not_filled(view: View, filled: dict[int, Function]) -> Iterator[Found]:
    """Yield `Depends(guard)` in a function that an endpoint calls by hand, if no dependency of that asks the guard."""
    for route in view.routes:
        asked = {id(one.function) for one in route.dependencies}
        for reached in view.reached(route, "endpoint")[1:]:
            function = reached.function
            for name in function.defaults if id(function) not in filled else ():
                default, scope = view.evaluator.types.default(function, name)
                is_depends = isinstance(default, ast.Call) and last_name(default.func) in ("Depends", "Security")
                target = default.args[0] if isinstance(default, ast.Call) and is_depends and default.args else None
                guard = _guard(view, view.value(target, scope)) if target is not None else None
                if guard is not None and refuses(guard) and id(guard) not in asked:
                    message = (
                        f"`{guard.name}` is not asked: `Depends` means nothing in a function that is called by hand"
                    )
                    yield at(function, function.parameters[name], message, route=route)


def _not_called(view: View) -> Iterator[Found]:
    """Yield `Depends(factory)`, where the guard is what the factory returns."""
    for module in view.naming("Depends", "Security"):
        owners: list[Module | Function] = [module, *module.functions]
        for owner in owners:
            for call in _depends(owner):
                target = view.value(
                    call.args[0], view.scope(owner if isinstance(owner, Module) else owner.outer or module)
                )
                name = _factory(target)
                if name:
                    message = f"`{name}` makes a guard and has to be called: as it is, nobody asks it"
                    yield at(owner, call, message)


def _depends(owner: Module | Function) -> Iterator[ast.Call]:
    """Yield the `Depends(…)` in the signature and the decorators of a function, or at the top of a module."""
    if isinstance(owner, Module):
        places: list[ast.AST] = [site.node for site in owner.facts.calls]
        seen = (one for one in places if isinstance(one, ast.Call))
    else:
        seen = (one for one in ast.walk(owner.node.args) if isinstance(one, ast.Call))
    for call in seen:
        if last_name(call.func) in ("Depends", "Security") and call.args:
            yield call


def _factory(target: Value | None) -> str:
    """Return the name of what makes a guard: a function, or a class whose objects are guards."""
    if isinstance(target, Bound) and _is_factory(target.function):
        return target.function.name
    call = target.methods.get("__call__") if isinstance(target, Class) else None
    made = target.methods.get("__init__") if isinstance(target, Class) else None
    is_maker = call is not None and refuses(call) and made is not None and not refuses(made)
    return target.name if isinstance(target, Class) and is_maker else ""


def _is_factory(function: Function) -> bool:
    """Tell a function that returns a guard that it defines, and refuses nobody by itself."""
    inner = {one.name for one in function.inner if refuses(one)}
    returned = {node.id for node in function.returned if isinstance(node, ast.Name)}
    return bool(inner & returned) and not any(function.nodes(ast.Raise))


def _guard(view: View, value: Value | None) -> Function | None:
    """Return the guard that a value is: a function that refuses or depends on something, or an object that refuses."""
    if isinstance(value, Bound):
        depends = any(view.depending.signature(value.function))
        return value.function if refuses(value.function) or depends else None
    if isinstance(value, Instance) and isinstance(value.of, Class):
        call = value.of.methods.get("__call__")
        return call if call is not None and refuses(call) else None
    return None


def _unused(view: View) -> Iterator[Found]:
    """Yield guards, middlewares and limiters that are named nowhere but where they are defined."""
    if not view.routes:
        return
    for module in view.modules:
        for name, one in module.top.items():
            message = _purpose(view, one)
            if message and not _is_named(view, name):
                yield at(module, one.node.lineno, message)
        for name, values in module.values.items():
            made = [value for value in values if isinstance(value, ast.Call) and last_name(value.func) in _LIMITERS]
            if made and not _is_named(view, name, "state") and not _limits_all(view, made[0]):
                yield at(module, made[0], f"the limiter `{name}` limits nothing")


def _purpose(view: View, one: Function | Class) -> str:
    """Return what is wrong if it is used nowhere: of a guard or a middleware, and nothing of others."""
    if isinstance(one, Class) and _is_middleware(view, one):
        return f"the middleware `{one.name}` is never added to the app"
    call = one.methods.get("__call__") if isinstance(one, Class) else one
    if call is None or (call is one and _is_endpoint(call)):
        return ""
    if list(call.parameters) == ["request", "call_next"]:
        return f"the middleware `{one.name}` is never added to the app"
    return f"`{one.name}` refuses callers, and is used nowhere" if refuses(call) and _asks_caller(view, call) else ""


def _limits_all(view: View, made: ast.Call) -> bool:
    """Tell a limiter with limits for every endpoint, which a middleware of its library applies."""
    has_limits = any(one.arg in ("default_limits", "application_limits") for one in made.keywords)
    return has_limits and any(view.naming("SlowAPIMiddleware", "SlowAPIASGIMiddleware"))


def _asks_caller(view: View, function: Function) -> bool:
    """Tell a function that is given something of the request: it depends on something, or reads it."""
    if any(view.depending.signature(function)):
        return True
    text = ast.unparse(function.node.args)
    return any(word in text for word in ("Depends(", "Request", "Header(", "Cookie(", "Security(", "Credentials"))


def _is_endpoint(function: Function) -> bool:
    return bool(function.decorators & METHODS) or bool(function.node.decorator_list)


def _is_middleware(view: View, one: Class) -> bool:
    if view.evaluator.classes.inherits(one, lambda path: path.endswith("BaseHTTPMiddleware")):
        return True
    call = one.methods.get("__call__")
    return (
        call is not None
        and list(call.parameters)[:3] == ["scope", "receive", "send"]
        and one.name.endswith("Middleware")
    )


def _is_named(view: View, name: str, *besides: str) -> bool:
    """Tell whether a name is used anywhere, apart from where it is defined and from what is beside the point."""
    word = name.encode()
    for module in view.index.by_path.values():
        if word in module.content:
            for node in ast.walk(module.tree):
                if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
                    line = module.lines[node.lineno - 1]
                    if not any(f".{one}." in line for one in besides):
                        return True
                if isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Load):
                    return True
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(name):
                    return True
    return False
