"""A relation that is loaded row by row while the answer is written.

## What it does
Finds an endpoint that returns rows of a model and whose answer has a relation of that model in it, by the response
schema, by a property of the model or by the code, where the statement does not say that the relation is to be loaded.
A helper that reads rows is right by itself: the finding is at the endpoint that needs more of them.

## Why it hurts
SQLAlchemy loads the relation when it is touched: one more statement for every row. With an asynchronous session that
cannot even be done, and the endpoint answers 500 as soon as there are rows.

## Bad
```python
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from shop.database import get_session

app = FastAPI()


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"), index=True)
    author: Mapped[Author] = relationship()


class AuthorOut(BaseModel):
    name: str


class BookOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    author: AuthorOut


@app.get("/books", response_model=list[BookOut])
def list_books(session: Annotated[Session, Depends(get_session)]):
    return session.scalars(select(Book).order_by(Book.id).limit(50)).all()  # <- found
```

## Good
```python
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship

from shop.database import get_session

app = FastAPI()


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"), index=True)
    author: Mapped[Author] = relationship()


class AuthorOut(BaseModel):
    name: str


class BookOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    author: AuthorOut


@app.get("/books", response_model=list[BookOut])
def list_books(session: Annotated[Session, Depends(get_session)]):
    return session.scalars(select(Book).options(joinedload(Book.author)).order_by(Book.id).limit(50)).all()
```

## Known limits
Relations of relations are looked at two levels deep. `fastwright optimize` measures what this only reads.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.rules._relations import is_eager, is_loaded, shown_as, unloaded
from fastwright.rules._rule import (
    Class,
    Found,
    Function,
    Instance,
    Reached,
    Route,
    Rule,
    Step,
    View,
    at,
    project_class,
)

RULE = Rule("data", "high", ("API4:2023", "CWE-1050"))
_ROWS = frozenset({"all", "scalars", "scalar", "first", "one", "one_or_none", "get", "get_one", "exec", "execute"})
_ROWS_TOO = frozenset({"scalar_one", "scalar_one_or_none", "stream_scalars", "unique"})
_MANY = frozenset({"all", "scalars", "stream_scalars", "exec", "execute", "unique"})
# What is called last on a result, where it gives one row: one more statement then, and not one for each row.
_SINGLE = frozenset({"first", "one", "one_or_none", "scalar_one", "scalar_one_or_none", "scalar", "get", "get_one"})


_Loops = dict[Function, list[tuple[ast.expr, list[ast.Attribute]]]]


def find(view: View) -> Iterator[Found]:
    loops: _Loops = {}
    for route in view.routes:
        if route.function is None or route.endpoint.kind != "operation":
            continue
        own = view.reached(route, "endpoint")[:1]
        schema = _schema(view, route)
        if own and schema is not None:
            yield from _by_schema(view, route, own[0], schema)
        if own:
            yield from _by_code(view, route, loops)


def _by_schema(view: View, route: Route, own: Reached, schema: Class) -> Iterator[Found]:
    """Yield the statement of which the rows are returned, where the schema wants what it does not load."""
    for returned in own.function.returned:
        steps = view.statements.steps(returned, own.scope)
        step = next((one for one in steps if one.name in _ROWS | _ROWS_TOO), None)
        models = view.statements.selected(returned, own.scope)
        if step is None or len(models) != 1 or not _gives_rows(view, own, returned):
            continue
        if any(one.name in ("subquery", "cte") for one in steps):
            continue  # plain rows: they have no relations
        is_many = step.name not in _SINGLE and any(one.name in _MANY for one in steps)
        is_many = is_many or _is_async(view, steps)  # which may not load any relation by itself
        missing = list(unloaded(view, models[0], _envelope(view, schema, models[0]), steps, many=is_many))
        if missing:
            # A helper that reads rows is right: whether relations are needed, only the endpoint knows.
            node = step.node if step.scope.function is own.function else returned
            message = f"`{missing[0]}` is in the answer and is loaded row by row"
            yield at(own.function, node, message, route=route)


def _envelope(view: View, schema: Class, model: Class) -> Class:
    """Return the schema that shows a model: another one around it, such as `message` and `data`, has nothing of it."""
    columns = view.fields.of(model).keys() - {"id"}
    fields = view.fields.of(schema)
    inner = (shown_as(view, one)[0] for one in fields.values()) if not columns & fields.keys() else ()
    return next((one for one in inner if one is not None and columns & view.fields.of(one).keys()), schema)


def _by_code(view: View, route: Route, loops: _Loops) -> Iterator[Found]:
    """Yield where a loop over rows touches a relation that their statement does not load.

    `loops` are those of each function that touch something called like a relation, found once.
    """
    for reached in view.reached(route):
        if reached.function not in loops:
            named = view.fields.relation_names(view.modules)
            loops[reached.function] = [
                (iterated, touched)
                for name, iterated, body in _loops(reached.function)
                if (touched := [node for node in _touched(body, name) if node.attr in named])
            ]
        for iterated, touching in loops[reached.function]:
            steps = view.statements.steps(iterated, reached.scope)
            models = view.statements.selected(iterated, reached.scope)
            if len(models) != 1 or not any(one.name in _ROWS for one in steps):
                continue
            lazy = {
                relation
                for relation, field in view.fields.relations(models[0]).items()
                if not is_eager(field) and not is_loaded(relation, steps)
            }
            touched = [node for node in touching if node.attr in lazy]
            if touched:
                message = f"`{models[0].name}.{touched[0].attr}` is loaded for each row of a loop"
                yield at(reached.function, touched[0], message, route=route)


def _loops(function: Function) -> Iterator[tuple[str, ast.expr, list[ast.AST]]]:
    """Yield the loops and comprehensions of a function: the variable, what it runs over, and what is done with it."""
    for node in (*function.nodes(ast.For), *function.nodes(ast.AsyncFor)):
        if isinstance(node.target, ast.Name):
            yield node.target.id, node.iter, list(node.body)
    for kind in (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp):
        for node in function.nodes(kind):
            first = node.generators[0]
            if isinstance(first.target, ast.Name):
                yield first.target.id, first.iter, [node]


def _touched(body: list[ast.AST], name: str) -> Iterator[ast.Attribute]:
    for part in body:
        for node in ast.walk(part):
            if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
                continue
            if isinstance(node.value, ast.Name) and node.value.id == name:
                yield node


def _schema(view: View, route: Route) -> Class | None:
    """Return the schema of the answer, or that of its items."""
    function = route.function
    if function is None:
        return None
    declared = route.option("response_model") or function.node.returns
    value = view.evaluator.types.annotated(declared, view.scope(function)) if declared is not None else None
    while isinstance(value, Instance) and value.item is not None:
        value = value.item
    found = project_class(value)
    return found if found is not None and view.fields.is_schema(found) else None


def _gives_rows(view: View, own: Reached, returned: ast.expr) -> bool:
    """Tell rows that are returned as they are, and not made into something else by code."""
    node, _scope = view.constants.written(returned, own.scope) or (returned, own.scope)
    return not isinstance(node, ast.ListComp | ast.Dict | ast.List | ast.GeneratorExp)


def _is_async(view: View, steps: list[Step]) -> bool:
    return any(
        isinstance(one.node.func, ast.Attribute) and view.statements.session(one.node.func.value, one.scope) == "async"
        for one in steps
    )
