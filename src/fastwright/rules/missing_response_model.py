"""An endpoint whose response nobody declared.

## What it does
Finds an endpoint that has neither a `response_model` nor a return annotation, or one such as `Any` or `dict`
under which anything goes out, and returns something other than a `Response` or a text. A dictionary that is written in
the code as it goes out is fine where something is read, and weighs less where something is changed; so does a response
that is put together elsewhere, one that is made by hand with values in it, such as tokens, and a deletion that answers
200 with nothing in it, which is `null`.

## Why it hurts
Whatever the function returns goes out as it is: a column that is added tomorrow is public tomorrow. And the OpenAPI
document says nothing of the response, so clients have to guess it.

## Bad
```python
from fastapi import FastAPI

from shop.orders import load_order

app = FastAPI()


@app.get("/orders/{order_id}")
def read_order(order_id: int):  # <- found
    return load_order(order_id)
```

## Good
```python
from fastapi import FastAPI
from fastapi.responses import FileResponse

from shop.orders import OrderOut, load_order

app = FastAPI()


@app.get("/orders/{order_id}")
def read_order(order_id: int) -> OrderOut:
    return load_order(order_id)


@app.get("/orders/{order_id}/invoice")
def read_invoice(order_id: int):
    return FileResponse(f"invoices/{order_id}.pdf")


@app.get("/health")
def health():
    return {"status": "ok"}
```

## Known limits
`-> dict[str, str]` counts as declared, although it says little. What is hidden from the OpenAPI document is left alone,
and so is what only asks whether the app is there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard

from fastwright.project.source import called, last_name
from fastwright.rules._responses import is_response, responses, status_of, success
from fastwright.rules._rule import Found, Function, Route, Rule, Scope, View, on, project_class
from fastwright.rules._words import words

RULE = Rule("contract", "medium", ("API3:2023", "CWE-213"))
_NO_BODY = frozenset({204, 205, 304, 307, 308})
_PROBES = frozenset({"health", "healthz", "healthcheck", "ping", "ready", "readyz", "readiness", "live", "livez"})
_ANYTHING = frozenset({"Any", "object"})
_DATA = frozenset({"JSONResponse", "ORJSONResponse", "UJSONResponse"})
_CONTAINERS = frozenset({"dict", "Dict", "Mapping", "OrderedDict", "list", "List", "Sequence", "Optional"})


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        function = route.function
        if function is None or not route.is_operation or _is_left_out(view, route, function) or _is_probe(route):
            continue
        declared = route.option("response_model") or function.node.returns
        if _is_none(route.option("response_model")) and (function.node.returns is None or _is_raw(view, function)):
            declared = None  # the type of the response is switched off
        if declared is None and route.endpoint.response_model not in (None, "None"):
            continue  # the running app knows of one
        if declared is None and _is_empty(view, route, function):
            yield on(route, "nothing is returned, so the answer is `null` with 200; 204 has no body", severity="low")
            continue
        told_by = (_is_made_elsewhere, _has_data)
        elsewhere = [one for one in function.returned if any(test(view, one, function) for test in told_by)]
        shown = [one for one in function.returned if one in elsewhere or not _is_by_hand(view, one, function)]
        told = [one for one in shown if one not in elsewhere and not _is_written(one)]
        # What is written in the code is plain where it is read, such as `{"status": "ok"}`.
        said = shown if route.method != "GET" and last_name(declared) not in _CONTAINERS else [*told, *elsewhere]
        if said and (declared is None or _says_nothing(declared)):
            yield on(route, _message(declared), severity=None if told else "low")


def _is_empty(view: View, route: Route, function: Function) -> bool:
    """Tell a deletion that answers `null`."""
    return route.method == "DELETE" and not function.returned and success(view, route, function) == 200


def _is_made_elsewhere(view: View, node: ast.expr, function: Function) -> bool:
    """Tell a response that a function puts together by itself; one that is given what to say is a way to write it."""
    scope = view.scope(function)
    made = [one for one in responses(view, node, scope) if one[1].function is not function]
    return bool(made) and all(_is_data(view, *one) and not _is_handed(*one) for one in made)


def _has_data(view: View, node: ast.expr, function: Function) -> bool:
    """Tell a response of the endpoint itself with values in it, such as tokens, and not only with what it says."""
    for made, scope in responses(view, node, view.scope(function), 1):
        content = _content(made)
        written, _where = view.constants.written(content, scope) or (content, scope)
        values = written.values if isinstance(written, ast.Dict) else [written] if _is_dumped(written) else []
        is_error = (status_of(view, made, scope) or 200) >= 400
        if scope.function is function and _is_data(view, made, scope) and not is_error:
            return any(not _is_text(one) for one in values)
    return False


def _is_dumped(node: ast.expr | None) -> TypeGuard[ast.expr]:
    return node is not None and called(node) in ("dict", "model_dump", "jsonable_encoder")


def _is_text(node: ast.expr) -> bool:
    """Tell what is said: a text, also one that is put together or translated."""
    return _is_written(node) or isinstance(node, ast.JoinedStr) or called(node) in ("_", "gettext", "str", "format")


def _is_data(view: View, node: ast.expr, scope: Scope) -> bool:
    return view.library(node, scope).rpartition(".")[2] in _DATA


def _is_handed(node: ast.expr, scope: Scope) -> bool:
    """Tell a response whose content is a parameter of the function that makes it."""
    names = scope.function.parameters if scope.function is not None else {}
    content = [*node.args[:1], *(one.value for one in node.keywords)] if isinstance(node, ast.Call) else []
    return any(isinstance(inner, ast.Name) and inner.id in names for one in content for inner in ast.walk(one))


def _content(node: ast.expr) -> ast.expr | None:
    named = [one.value for one in node.keywords if one.arg == "content"] if isinstance(node, ast.Call) else []
    return next(iter([*node.args[:1], *named]), None) if isinstance(node, ast.Call) else None


def _is_probe(route: Route) -> bool:
    """Tell what only asks whether the app is there."""
    return bool(_PROBES & set(words(route.path.rpartition("/")[2])))


def _message(declared: ast.expr | None) -> str:
    if declared is None:
        return "neither a response_model nor a return annotation says what this returns"
    return f"`{ast.unparse(declared)}` does not say what this returns"


def _is_left_out(view: View, route: Route, function: Function) -> bool:
    """Tell what has no body, or is not in the OpenAPI document, or has a class of responses of its own."""
    status = view.constants.status(route.option("status_code"), view.scope(function)) or route.endpoint.status_code
    hidden = view.constants.of(route.option("include_in_schema"), view.scope(function)) is False
    return hidden or status in _NO_BODY or function.is_generator or route.option("response_class") is not None


def _says_nothing(declared: ast.expr) -> bool:
    """Tell a type under which anything goes out as it is: `Any`, `dict`, `list[dict[str, Any]]`."""
    if isinstance(declared, ast.BinOp):
        return _says_nothing(declared.left) and (_is_none(declared.right) or _says_nothing(declared.right))
    if isinstance(declared, ast.Subscript):
        parts = declared.slice.elts if isinstance(declared.slice, ast.Tuple) else [declared.slice]
        return last_name(declared.value) in _CONTAINERS and _says_nothing(parts[-1])
    return last_name(declared) in _ANYTHING | _CONTAINERS


def _is_raw(view: View, function: Function) -> bool:
    """Tell an annotation that names a class of the project, which nothing holds the response against."""
    value = view.evaluator.types.annotated(function.node.returns, view.scope(function))
    return project_class(value) is not None


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_by_hand(view: View, node: ast.expr, function: Function) -> bool:
    """Tell a response that is made by hand, a page, and what is no data: a text, or nothing."""
    call = node.value if isinstance(node, ast.Await) else node
    if isinstance(call, ast.Constant):
        return True
    if isinstance(call, ast.Call) and set(words(last_name(call.func))) & {"redirect", "render"}:
        return True
    return is_response(view, node, view.scope(function))


def _is_written(node: ast.expr) -> bool:
    if isinstance(node, ast.Dict):
        return all(_is_written(value) for value in node.values)
    if isinstance(node, ast.List | ast.Tuple):
        return all(_is_written(value) for value in node.elts)
    return isinstance(node, ast.Constant)
