"""An endpoint whose response nobody declared.

## What it does
Finds an endpoint that has neither a `response_model` nor a return annotation, and returns something other than a
`Response` or a text that is written in the code.

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
`-> dict` and `-> Any` count as declared, although they say little. What is hidden from the OpenAPI document is left
alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import last_name
from fastwright.rules._rule import Found, Function, Route, Rule, View, on
from fastwright.rules._words import words

RULE = Rule("contract", "medium", ("API3:2023", "CWE-213"))
_NO_BODY = frozenset({204, 205, 304, 307, 308})


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        function = route.function
        if function is None or not route.is_operation or _is_declared(view, route, function):
            continue
        if function.returned and not all(_is_plain(view, node, function) for node in function.returned):
            yield on(route, "neither a response_model nor a return annotation says what this returns")


def _is_declared(view: View, route: Route, function: Function) -> bool:
    declared = route.endpoint.response_model is not None or function.node.returns is not None
    status = view.constants.status(route.option("status_code"), view.scope(function)) or route.endpoint.status_code
    hidden = view.constants.of(route.option("include_in_schema"), view.scope(function)) is False
    given = route.option("response_model") is not None or route.option("response_class") is not None
    return declared or given or hidden or status in _NO_BODY or function.is_generator


def _is_plain(view: View, node: ast.expr, function: Function) -> bool:
    """Tell a response that is made by hand, and what is written in the code as it goes out."""
    if _is_written(node):
        return True
    call = node.value if isinstance(node, ast.Await) else node
    if isinstance(call, ast.Call) and set(words(last_name(call.func))) & {"redirect", "render"}:
        return True
    path = view.library(node, view.scope(function))
    return path.rpartition(".")[2].endswith("Response") or "TemplateResponse" in path


def _is_written(node: ast.expr) -> bool:
    if isinstance(node, ast.Dict):
        return all(_is_written(value) for value in node.values)
    if isinstance(node, ast.List | ast.Tuple):
        return all(_is_written(value) for value in node.elts)
    return isinstance(node, ast.Constant)
