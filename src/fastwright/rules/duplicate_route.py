"""Two endpoints of the same method and path.

## What it does
Finds an endpoint whose method and path another one has, too; parameters of different names are the same path.

## Why it hurts
Only the first one ever answers. A fix or a guard that is put on the second one is never run, and the OpenAPI document
shows the wrong one of the two.

## Bad
```python
from fastapi import FastAPI

from shop.orders import OrderOut, load_order

app = FastAPI()


@app.get("/orders/{order_id}")
def read_order(order_id: int) -> OrderOut:
    return load_order(order_id)


@app.get("/orders/{number}")
def read_order_by_number(number: int) -> OrderOut:  # <- found
    return load_order(number)
```

## Good
```python
from fastapi import FastAPI

from shop.orders import OrderOut, load_order

app = FastAPI()


@app.get("/orders/{order_id}")
def read_order(order_id: int) -> OrderOut:
    return load_order(order_id)


@app.get("/orders/by-number/{number}")
def read_order_by_number(number: int) -> OrderOut:
    return load_order(number)
```

## Known limits
A router that is included twice at the same prefix is reported at its endpoints, not at the second `include_router`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastwright.rules._routes import are_of_one_app, is_first
from fastwright.rules._rule import Found, Route, Rule, View, on

RULE = Rule("contract", "high", ("CWE-561",))


def find(view: View) -> Iterator[Found]:
    known: dict[tuple[str, str], Route] = {}
    mapped = [route for route in view.routes if route.endpoint.kind == "operation" and view.is_mapped(route)]
    for route in mapped:
        key = (route.method, re.sub(r"\{\w+", "{", route.path))
        first = known.setdefault(key, route)
        if first is route or not are_of_one_app(view, first, route):
            continue
        late, early = (route, first) if not is_first(view, route, first) else (first, route)
        known[key] = early
        where = f"{early.endpoint.file}:{early.endpoint.line}"
        yield on(late, f"`{early.name}` is registered before it, at {where}, and answers instead")
