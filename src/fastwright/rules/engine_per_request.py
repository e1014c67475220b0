"""An engine, and with it a pool of connections, for every request.

## What it does
Finds `create_engine` and `create_async_engine` on the way of an endpoint or of its dependencies, a pool of a driver
that is made there, and a connection to a server (`asyncpg.connect`, `psycopg2.connect`, …) that is opened there.

## Why it hurts
Each engine opens connections of its own and throws them away. The database runs out of connections under load, and
every request pays for a handshake.

## Bad
```python
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

app = FastAPI()


def get_session():
    engine = create_engine("postgresql://db/shop")  # <- found
    with Session(engine) as session:
        yield session


@app.get("/now")
def read_now(session: Session = Depends(get_session)) -> str:
    return str(session.scalar(text("SELECT now()")))
```

## Good
```python
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

app = FastAPI()
engine = create_engine("postgresql://db/shop")


def get_session():
    with Session(engine) as session:
        yield session


@app.get("/now")
def read_now(session: Session = Depends(get_session)) -> str:
    return str(session.scalar(text("SELECT now()")))
```

## Known limits
A function that keeps what it made is recognised by `lru_cache` and `cache`, by `global`, or by a test for `None`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fastwright.rules._rule import Called, Found, Rule, View, at
from fastwright.rules._ways import ways

RULE = Rule("data", "high", ("API4:2023", "CWE-400"))
_ENGINES = frozenset({"create_engine", "create_async_engine", "engine_from_config", "async_engine_from_config"})
_POOLS = re.compile(
    r"(?:asyncpg|aiomysql|asyncmy|aiopg|psycopg2|psycopg_pool|mysql|oracledb)\b.*(?:\.create_pool|Pool)$"
    r"|pymongo\.MongoClient$|motor\b.*\.AsyncIOMotorClient$|pymongo\.AsyncMongoClient$"
)
# Drivers of servers: to connect to one takes as long as a statement. A file is opened at once.
_SERVERS = ("asyncpg", "psycopg", "psycopg2", "pymysql", "MySQLdb", "mysql", "aiomysql", "asyncmy", "aiopg", "oracledb")
_BACKENDS = re.compile(r"Middleware$|AuthenticationBackend$|AuthProvider$")
_ONCE = frozenset({"lru_cache", "cache", "cached_property", "alru_cache"})


def find(view: View) -> Iterator[Found]:
    seen: set[int] = set()
    for route, call in ways(view):
        message = _opens(call)
        if message and id(call.node) not in seen and not _is_kept(call) and (route or _is_framework(view, call)):
            seen.add(id(call.node))
            yield at(call.site.function or call.site.module, call.node, message, route=route)


def _is_framework(view: View, call: Called) -> bool:
    """Tell what is called by a method that a framework calls: that of a middleware, or of the back end of a panel."""
    function = call.sites[0].function
    owner = function.owner if function is not None else None
    return owner is not None and view.evaluator.classes.inherits(owner, lambda path: bool(_BACKENDS.search(path)))


def _opens(call: Called) -> str:
    if call.name in _ENGINES or _POOLS.match(call.path):
        return f"`{call.name}` makes a pool of connections for every request"
    if call.path.endswith(".connect") and call.path.partition(".")[0] in _SERVERS and "ool" not in call.path:
        return f"`{call.name}` opens a connection for every request, and there is no pool"
    return ""


def _is_kept(call: Called) -> bool:
    """Tell whether it is made once: its function is cached, or it is made only where there is none."""
    function = call.site.function
    if function is not None and (function.decorators & _ONCE or any(function.nodes(ast.Global))):
        return True
    branches = (one for site in (*call.within.way, call.site) for one in site.around.branches)
    if any(_asks_for_none(test, holds=holds) for test, holds in branches):
        return True
    around = (site.function for site in (*call.within.way, call.site))
    stored = [node for one in around if one is not None for node in one.nodes(ast.Assign)]
    return any(isinstance(target, ast.Subscript) for node in stored for target in node.targets)


def _asks_for_none(test: ast.expr, *, holds: bool) -> bool:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return holds
    is_compared = isinstance(test, ast.Compare) and any(
        isinstance(one, ast.Constant) and one.value is None for one in test.comparators
    )
    return is_compared or (isinstance(test, ast.Compare) and any(isinstance(op, ast.NotIn) for op in test.ops))
