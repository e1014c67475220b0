"""A list that returns all rows that there are.

## What it does
Finds a GET endpoint that returns the rows of a table without a limit anywhere on the way. It weighs less where the
rows are those of one parent or of one user.

## Why it hurts
It is fast on the day it is written. With a hundred thousand rows each call loads all of them, and a few calls at once
take the memory of the process.

## Bad
```python
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shop.auth import load_user
from shop.database import get_session

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="/token")


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    is_admin: Mapped[bool] = mapped_column(default=False)


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    note: Mapped[str]


class OrderOut(BaseModel):
    id: int
    note: str


def current_user(token: Annotated[str, Depends(scheme)]) -> User:
    return load_user(token)


CurrentUser = Annotated[User, Depends(current_user)]
SessionDep = Annotated[Session, Depends(get_session)]


@app.get("/orders")
def list_orders(session: SessionDep) -> list[OrderOut]:
    return session.scalars(select(Order).order_by(Order.id)).all()  # <- found
```

## Good
```python
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shop.auth import load_user
from shop.database import get_session

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="/token")


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    is_admin: Mapped[bool] = mapped_column(default=False)


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    note: Mapped[str]


class OrderOut(BaseModel):
    id: int
    note: str


def current_user(token: Annotated[str, Depends(scheme)]) -> User:
    return load_user(token)


CurrentUser = Annotated[User, Depends(current_user)]
SessionDep = Annotated[Session, Depends(get_session)]


@app.get("/orders")
def list_orders(session: SessionDep, after: int = 0) -> list[OrderOut]:
    return session.scalars(select(Order).where(Order.id > after).order_by(Order.id).limit(50)).all()
```

## Known limits
Tables that never grow, such as countries, look like all others: allow them, with that reason. A filter from one value
to another of the same column, such as a day, is taken for a bound; a few states are none.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import last_name
from fastwright.rules._engine.sql import HOLE
from fastwright.rules._rule import Bound, Found, Function, Instance, Reached, Route, Rule, Scope, Step, View, at

RULE = Rule("contract", "medium", ("API4:2023", "CWE-770"))
_ALL = frozenset(
    {"all", "fetchall", "to_list", "scalars", "execute", "exec", "stream_scalars", "fetch", "fetch_all", "mappings"}
    | {"execute_fetchall", "iterate", "query_all", "read_sql", "read_sql_query"}
)
_PUTS = frozenset({"append", "extend"})
_BOUNDS = frozenset(
    {
        "limit",
        "fetch",
        "slice",
        "paginate",
        "first",
        "one",
        "one_or_none",
        "scalar",
        "scalar_one",
        "get",
        "get_one",
        "top",
    }
    | {"scalar_one_or_none", "group_by", "count", "in_", "apaginate", "fetchmany", "fetchone", "page", "islice", "head"}
    | {"insert", "update", "delete", "text", "scalar_subquery", "partitions", "paginated", "between"}
)
_ENDS = frozenset(
    {"first", "one", "one_or_none", "scalar", "scalar_one", "scalar_one_or_none", "fetchone", "fetchmany"}
)
# Of the rows, these leave one value, or what something else is looked up in.
_SUMS = frozenset({"set", "frozenset", "len", "sum", "any", "max", "min", "next", "DataFrame"})
_FILTERS = frozenset({"where", "filter", "filter_by"})


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        if route.method != "GET" or route.function is None or route.endpoint.kind != "operation":
            continue
        own = view.reached(route, "endpoint")[0]
        if _is_sliced(view, own.function, own.scope) or _is_single(view, route):
            continue
        for step in _unbounded(view, own):
            yield _found(view, route, step)


def _is_single(view: View, route: Route) -> bool:
    """Tell an endpoint that answers with one thing: its path ends in an id, and what it declares is no list."""
    declared = route.option("response_model") or (route.function.node.returns if route.function else None)
    value = view.evaluator.types.annotated(declared, view.scope(route.function)) if route.function else None
    is_many = isinstance(value, Instance) and bool(value.items)
    return route.path.rstrip("/").endswith("}") and not is_many


def _unbounded(view: View, own: Reached) -> Iterator[Step]:
    """Yield the calls that give all rows of what the endpoint returns; of a chain, the last one."""
    seen: set[int] = set()
    for returned in _answers(own.function):
        for step in view.statements.steps(returned, own.scope):
            own_method = isinstance(view.value(step.node.func, step.scope), Bound)
            if (step.name in _ENDS and not own_method) or step.name in _SUMS:
                seen |= {id(one.node) for one in view.statements.steps(step.node, step.scope)}
            if step.name not in _ALL or id(step.node) in seen or own_method:
                continue
            chain = view.statements.steps(step.node, step.scope)
            seen |= {id(one.node) for one in chain}
            function = step.scope.function
            sliced = function is not None and _is_sliced(view, function, step.scope)
            if (
                not sliced
                and not _is_looked_up(step)
                and not _is_looped(step)
                and _gives_all(view, step, _named(chain))
            ):
                yield step


def _is_sliced(view: View, function: Function, scope: Scope) -> bool:
    """Tell a function that takes a part of a list; a part of a text is none."""
    taken = (node.value for node in function.nodes(ast.Subscript) if isinstance(node.slice, ast.Slice))
    return any(not isinstance(one, ast.Attribute) and view.library(one, scope) != "builtins.str" for one in taken)


def _named(chain: list[Step]) -> set[str]:
    """Return the names of calls, without those that bound nothing: a few states, or a group for each row."""
    names = {one.name for one in chain if one.name != "in_" or not _is_listed(one)}
    names |= {"between"} if any(one.name in _FILTERS and _is_range(one) for one in chain) else set[str]()
    by_row = any(one.name == "group_by" and any(_is_key(part) for part in one.node.args) for one in chain)
    return names - {"group_by", "count"} if by_row else names


def _is_listed(step: Step) -> bool:
    """Tell `in_(["paid", "sent"])`: states that many rows have."""
    first = next(iter(step.node.args), None)
    return isinstance(first, ast.List | ast.Tuple | ast.Set) and all(
        isinstance(one, ast.Constant | ast.Attribute) for one in first.elts
    )


def _is_range(step: Step) -> bool:
    """Tell a filter from one value to another of the same column: a day, say."""
    pairs = [
        (one.left, one.ops[0]) for part in step.node.args for one in ast.walk(part) if isinstance(one, ast.Compare)
    ]
    below = {ast.unparse(left) for left, sign in pairs if isinstance(sign, ast.Lt | ast.LtE)}
    return any(ast.unparse(left) in below for left, sign in pairs if isinstance(sign, ast.Gt | ast.GtE))


def _is_key(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("id", "uuid", "pk")


def _answers(function: Function) -> Iterator[ast.expr]:
    """Yield what a function returns, and what it puts one by one into a list that it returns."""
    for returned in function.returned:
        yield returned
        for name in [one.id for one in ast.walk(returned) if isinstance(one, ast.Name)]:
            for site in function.calls if name in function.facts.bindings else ():
                func = site.node.func
                if isinstance(func, ast.Attribute) and func.attr in _PUTS and last_name(func.value) == name:
                    yield from site.node.args if not site.around.branches else ()


def _gives_all(view: View, step: Step, names: set[str]) -> bool:
    """Tell a statement without a bound, written in Python or as SQL."""
    sent = view.statements.sent(step)
    if sent:
        selects = [one for statement in sent for one in statement.statements if one.verb == "select"]
        return any(not one.limited for one in selects) and not names & (_BOUNDS - {"text", "fetch"})
    is_table = view.statements.models(step.node, step.scope) or view.statements.core_tables(step.node, step.scope)
    return not names & _BOUNDS and bool(is_table)


def _is_looked_up(step: Step) -> bool:
    """Tell rows of which a dictionary is made: settings by their keys, say."""
    function = step.scope.function
    named = [node.generators[0].iter for node in function.nodes(ast.DictComp)] if function else []
    bindings = function.facts.bindings if function else {}
    values = [one.value for node in named if isinstance(node, ast.Name) for one in bindings.get(node.id, ())]
    return any(inner is step.node for one in (*named, *values) for inner in ast.walk(one))


def _is_looped(step: Step) -> bool:
    """Tell a statement for each of something: that is another fault."""
    function = step.scope.function
    return function is not None and any(site.node is step.node and site.around.loops for site in function.calls)


def _found(view: View, route: Route, step: Step) -> Found:
    sent = view.statements.sent(step)
    node, scope = (sent[0].node, sent[0].scope) if sent else (step.node, step.scope)
    if sent:
        select = next(one for one in sent[0].statements if one.verb == "select")
        name, filtered = select.table, select.filtered
    else:
        models = [one.name for one in view.statements.models(step.node, step.scope)]
        name = [*models, *view.statements.core_tables(step.node, step.scope)][0]
        chain = view.statements.steps(step.node, step.scope)
        filtered = any(one.name in _FILTERS and not _is_conditional(one) for one in chain)
    every = f"every row of `{name}`" if name not in ("", HOLE) else "every row"
    message = f"{every}{' that matches' if filtered else ''} is returned, however many there are"
    return at(scope.function or scope.module, node, message, route=route, severity="low" if filtered else None)


def _is_conditional(step: Step) -> bool:
    """Tell a filter that only some requests ask for."""
    function = step.scope.function
    sites = (site for site in function.calls if site.node is step.node) if function else ()
    return any(site.around.branches for site in sites)
