"""A startup or shutdown handler that never runs.

## What it does
Finds `on_event`, `add_event_handler`, `on_startup` and `on_shutdown` on an application that has a `lifespan`.

## Why it hurts
With a `lifespan`, FastAPI runs nothing else at startup and shutdown, and says nothing about it: the pool is not opened,
the cache not warmed, the last messages not sent.

## Bad
```python
from contextlib import asynccontextmanager

from fastapi import FastAPI

from shop.cache import warm_up


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield {"started": True}


app = FastAPI(lifespan=lifespan)


@app.on_event("startup")  # <- found
async def fill_cache() -> None:
    await warm_up()
```

## Good
```python
from contextlib import asynccontextmanager

from fastapi import FastAPI

from shop.cache import warm_up


@asynccontextmanager
async def lifespan(app: FastAPI):
    await warm_up()
    yield {"started": True}


app = FastAPI(lifespan=lifespan)
```

## Known limits
A handler on a router is judged by the application of the same module.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import called
from fastwright.rules._rule import Found, Function, Module, Rule, Scope, View, at

RULE = Rule("errors", "high", ("CWE-561",))
_ADDING = frozenset({"on_event", "add_event_handler"})
_LISTS = ("on_startup", "on_shutdown")


def find(view: View) -> Iterator[Found]:
    apps = [call for module in view.naming("lifespan") for call in _calls(module) if _has_lifespan(call)]
    if not apps:
        return
    for module in view.naming(*_ADDING, *_LISTS):
        for where in (module, *module.functions):
            for node in _handlers(view, where):
                yield at(where, node, "this never runs: the application has a lifespan, which runs alone")
    for call in apps:
        lists = [one for one in call.keywords if one.arg in _LISTS]
        owner = next((module for module in view.modules if call in _calls(module)), None)
        if lists and owner is not None:
            yield at(owner, lists[0].value, f"`{lists[0].arg}` never runs beside a lifespan")


def _handlers(view: View, where: Module | Function) -> Iterator[ast.Call]:
    scope = view.scope(where)
    for site in where.facts.calls:
        func = site.node.func
        if not isinstance(func, ast.Attribute) or not site.node.args:
            continue
        first = site.node.args[0]
        is_event = isinstance(first, ast.Constant) and first.value in ("startup", "shutdown")
        if func.attr in _ADDING and is_event and not _is_router(view, func.value, scope):
            yield site.node
        if func.attr == "append" and isinstance(func.value, ast.Attribute) and func.value.attr in _LISTS:
            yield site.node
    if isinstance(where, Module):
        for function in where.functions:
            for decorator in function.node.decorator_list:
                if isinstance(decorator, ast.Call) and called(decorator) == "on_event" and not _seen(where, decorator):
                    func = decorator.func
                    if not isinstance(func, ast.Attribute) or not _is_router(view, func.value, scope):
                        yield decorator


def _is_router(view: View, node: ast.expr, scope: Scope) -> bool:
    """Tell a router of its own: what is included runs its handlers, with the lifespan of the app too."""
    return view.library(node, scope).endswith("APIRouter")


def _seen(module: Module, decorator: ast.Call) -> bool:
    return any(site.node is decorator for site in module.facts.calls)


def _calls(module: Module) -> list[ast.Call]:
    return [site.node for where in (module, *module.functions) for site in where.facts.calls]


def _has_lifespan(call: ast.Call) -> bool:
    given = next((one.value for one in call.keywords if one.arg == "lifespan"), None)
    is_none = isinstance(given, ast.Constant) and given.value is None
    return called(call) == "FastAPI" and given is not None and not is_none
