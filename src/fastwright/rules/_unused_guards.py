"""Guards, middlewares and limiters that nothing names but where they are defined."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import last_name
from fastwright.rules._engine.endpoints import METHODS
from fastwright.rules._engine.guards import refuses
from fastwright.rules._rule import Bound, Class, Found, Function, Instance, Module, Value, View, at

_LIMITERS = frozenset({"Limiter", "RateLimiter"})


def guard_of(view: View, value: Value | None) -> Function | None:
    """Return the guard that a value is: a function that refuses or depends on something, or an object that refuses."""
    if isinstance(value, Bound):
        depends = any(view.depending.signature(value.function))
        return value.function if refuses(value.function) or depends else None
    if isinstance(value, Instance) and isinstance(value.of, Class):
        call = value.of.methods.get("__call__")
        return call if call is not None and refuses(call) else None
    return None


def unused(view: View) -> Iterator[Found]:
    """Yield guards, middlewares and limiters that are named nowhere but where they are defined."""
    if not view.routes:
        return
    for module in view.modules:
        for name, one in module.top.items():
            message = _purpose(view, one)
            if message and not _is_named(view, name):
                yield at(module, one.node.lineno, message)
        for name, values in module.values.items():
            if any(_is_only_alias(view, value, module) for value in values) and not _is_named(view, name):
                yield at(module, values[0], f"`{name}` asks a guard, and is used nowhere")
            made = [value for value in values if isinstance(value, ast.Call) and last_name(value.func) in _LIMITERS]
            if made and not _is_named(view, name, "state") and not _limits_all(view, made[0]):
                yield at(module, made[0], f"the limiter `{name}` limits nothing")


def _is_only_alias(view: View, value: ast.expr, module: Module) -> bool:
    """Tell `AdminUser = Annotated[User, Depends(require("admin"))]`, if that guard is asked for nowhere else."""
    if not isinstance(value, ast.Subscript) or last_name(value.value) != "Annotated":
        return False
    calls = [one for one in ast.walk(value.slice) if isinstance(one, ast.Call) and last_name(one.func) == "Depends"]
    for asked in (one.args[0] for one in calls if one.args):
        guard = guard_of(view, view.value(asked, view.scope(module)))
        name = last_name(asked.func if isinstance(asked, ast.Call) else asked)
        if guard is not None and refuses(guard):
            return not _is_named(view, name, apart=value)
    return False


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


def _is_named(view: View, name: str, *besides: str, apart: ast.AST | None = None) -> bool:
    """Tell whether a name is used anywhere, apart from where it is defined and from what is beside the point."""
    word = name.encode()
    for module in view.index.by_path.values():
        if word in module.content:
            own = module.top.get(name)
            left = [own.node if isinstance(own, Class) else None, apart]
            inside = {id(node) for one in left if one is not None for node in ast.walk(one)}
            for node in ast.walk(module.tree):
                if id(node) in inside:
                    continue
                if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
                    line = module.lines[node.lineno - 1]
                    if not any(f".{one}." in line for one in besides):
                        return True
                if isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Load):
                    return True
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(name):
                    return True
    return False
