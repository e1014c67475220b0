"""An endpoint that no test calls.

## What it does
Runs the project's own tests on a copy (`check --coverage`) and notes which endpoints are called. It finds those that
never are. Without `--coverage` no test is run, and nothing is found.

## Why it hurts
What no test calls breaks without anybody hearing of it: a renamed field, a guard that was lost in a merge. The users
are the first to notice.

## Bad
```python app.py
from fastapi import FastAPI

app = FastAPI()
SHELF = ["Ulysses"]


@app.get("/books")
def books() -> list[str]:
    return SHELF[:20]


@app.delete("/books/{number}", status_code=204)
def remove(number: int) -> None:  # <- found
    SHELF.pop(number)
```
```python test_books.py
from fastapi.testclient import TestClient

from app import app


def test_books_are_listed() -> None:
    assert TestClient(app).get("/books").json()
```

## Good
```python app.py
from fastapi import FastAPI

app = FastAPI()
SHELF = ["Ulysses"]


@app.get("/books")
def books() -> list[str]:
    return SHELF[:20]


@app.delete("/books/{number}", status_code=204)
def remove(number: int) -> None:
    SHELF.pop(number)
```
```python test_books.py
from fastapi.testclient import TestClient

from app import app


def test_a_book_is_gone_after_it_was_removed() -> None:
    client = TestClient(app)
    client.delete("/books/0")
    assert client.get("/books").json() == []
```

## Known limits
A call is seen, not what the test makes of it. Tests that start a server in a process of its own are not seen.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.rules._rule import Found, Rule, View, on

RULE = Rule("contract", "low", ("CWE-1092",), by_run=True)
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def find(view: View) -> Iterator[Found]:
    tested = view.observed.tested
    if tested is None:
        return
    for route in view.routes:
        function = route.function
        if function is None or not view.is_mapped(route):
            continue
        method = "WEBSOCKET" if route.endpoint.kind == "websocket" else route.method
        if (method, function.module.path, function.name) not in tested:
            severity = "medium" if route.method in _WRITES else None
            yield on(route, "no test calls it", shown=True, severity=severity)
