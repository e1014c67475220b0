"""A guard that guards nothing.

## What it does
Finds a guard that is never asked: named in `Annotated` or as a default without `Depends`, a factory that is handed to
`Depends` without being called, a decorator above the one that registers the endpoint, and a guard, middleware or
limiter that is defined and used nowhere, also as `Annotated[User, Depends(…)]`. And a guard that cannot refuse: its
error is made and not raised, nobody awaits it, or it looks at somebody only where there is nobody
(`if not user and not verify(…, user.password_hash)`).

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
from fastwright.rules._engine.guards import refuses
from fastwright.rules._powerless import above, for_nothing, of_nobody
from fastwright.rules._rule import (
    Bound,
    Class,
    Found,
    Function,
    Instance,
    Module,
    Route,
    Rule,
    Scope,
    Value,
    View,
    at,
)
from fastwright.rules._unused_guards import guard_of, unused

RULE = Rule("access", "high", ("ASVS 5.0.0 8.3.1", "API5:2023", "CWE-862"))


def find(view: View) -> Iterator[Found]:
    filled = {id(function): function for route in view.routes for function in _filled(route)}
    for function in filled.values():
        yield from _without_depends(view, function)
    yield from _not_filled(view, filled)
    yield from _not_called(view)
    yield from unused(view)
    yield from above(view)
    yield from for_nothing(view)
    yield from of_nobody(view)


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
                named = _guard_name(view, part, where)
                if named:
                    message = f"`{named}` is named for `{name}` without `Depends`, so nobody asks it"
                    yield at(function, parameter, message)
        guard = guard_of(view, view.value(function.defaults.get(name), scope))
        if guard is not None:
            yield at(
                function, parameter, f"`{guard.name}` is the default of `{name}` without `Depends`, so nobody asks it"
            )


def _guard_name(view: View, node: ast.expr, scope: Scope) -> str:
    """Return what a guard or a security scheme is called."""
    value = view.value(node, scope)
    guard = guard_of(view, value)
    if guard is not None:
        return guard.name
    is_scheme = isinstance(value, Instance) and view.library(node, scope).startswith("fastapi.security.")
    return last_name(node) if is_scheme else ""


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
                guard = guard_of(view, view.value(target, scope)) if target is not None else None
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
