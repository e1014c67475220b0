"""A row that exists already answers 500.

## What it does
Finds an endpoint that writes rows of a model with a unique column, and nothing on the way, and no exception handler of
the application, that makes an answer of the `IntegrityError`.

## Why it hurts
Two requests at the same moment both find the name free. One of them gets a 500 and a line in the error log, for what is
a 409 and nobody's fault. Looking first makes it rarer and not impossible.

## Bad
```python
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shop.database import get_session

app = FastAPI()


class Base(DeclarativeBase):
    pass


class Tag(Base):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class TagIn(BaseModel):
    name: str


@app.post("/tags", status_code=201)
def create_tag(body: TagIn, session: Annotated[Session, Depends(get_session)]) -> TagIn:
    session.add(Tag(name=body.name))
    session.commit()  # <- found
    return body
```

## Good
```python
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shop.database import get_session

app = FastAPI()


class Base(DeclarativeBase):
    pass


class Tag(Base):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class TagIn(BaseModel):
    name: str


@app.post("/tags", status_code=201)
def create_tag(body: TagIn, session: Annotated[Session, Depends(get_session)]) -> TagIn:
    session.add(Tag(name=body.name))
    try:
        session.commit()
    except IntegrityError as error:
        session.rollback()
        raise HTTPException(status_code=409, detail="a tag of that name exists") from error
    return body
```

## Known limits
Foreign keys and check constraints raise the same error and are not looked at. A commit outside of the endpoint, in a
dependency, is not followed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import last_name
from fastwright.rules._engine.sql import HOLE, Sql
from fastwright.rules._engine.statements import sql_argument
from fastwright.rules._integrity import handling_decorators, has_handler, is_handled
from fastwright.rules._rule import Called, Class, Found, Function, Route, Rule, Scope, Step, View, at, project_class

RULE = Rule("errors", "medium", ("CWE-755", "CWE-362"))
_CHANGES = ("insert", "update")
_UPSERTS = ("on_conflict_do_nothing", "on_conflict_do_update", "merge", "prefix_with", "get_or_create")


def find(view: View) -> Iterator[Found]:
    if has_handler(view):
        return
    seen: set[int] = set()
    decorators = handling_decorators(view)
    for route in view.routes:
        if route.method not in ("POST", "PUT", "PATCH"):
            continue
        calls = list(view.calls(route, "endpoint"))
        for call, name in _written(view, route, calls, decorators):
            if id(call.node) not in seen:
                seen.add(id(call.node))
                message = f"a second `{name}` with the same value answers 500 and not 409"
                yield at(call.site.function or call.site.module, call.node, message, route=route)


def _written(view: View, route: Route, calls: list[Called], decorators: frozenset[str]) -> Iterator[tuple[Called, str]]:
    """Yield what sends a row to the database that may be there already, with what the row is called."""
    if any(call.name in _UPSERTS for call in calls):
        return
    for call in calls:
        name = next(_sent(view, call), "")
        if name and not is_handled(call, decorators):
            yield call, name
    made = next(_rows(view, route, calls), None)
    if made is not None:
        line, function, model = made
        writes = [one for one in calls if one.name in ("commit", "flush") and view.statements.on_session(one)]
        writes = [one for one in writes if one.site.function is not function or one.node.lineno >= line]
        if writes and not any(is_handled(one, decorators) for one in writes):
            yield writes[0], model.name


def _sent(view: View, call: Called) -> Iterator[str]:
    """Yield the table of a statement that writes a caller's value where values have to be unique."""
    given = [one for argument in call.node.args[1:] for one in _values(argument)]
    for sql in view.statements.sql(call.node, call.scope):
        unique = view.tables.unique(sql.table)
        is_written = sql.verb in ("insert", "update") and not sql.upserts and unique
        if is_written and _is_set(view, call, sql, given, unique):
            yield sql.table
    if not view.statements.on_session(call):
        return
    steps = view.statements.steps(sql_argument(call.node), call.scope)
    for table in view.statements.core_tables(sql_argument(call.node), call.scope):
        changes = any(one.name in ("insert", "update") for one in steps)
        if changes and _is_valued(view, steps, view.tables.unique(table)):
            yield table
    for step in steps:
        model = view.value(step.node.args[0], step.scope) if step.name in _CHANGES and step.node.args else None
        if isinstance(model, Class) and view.fields.is_model(model) and _is_valued(view, steps, _unique(view, model)):
            yield model.name


def _is_set(view: View, call: Called, sql: Sql, given: list[tuple[str, ast.expr]], unique: set[str]) -> bool:
    """Tell whether a unique column is set to what a caller sent: by its name, or by its place among the values."""
    given += [one for keyword in call.node.keywords for one in _values(keyword.value)]
    if not sql.columns:
        return any(_is_of_caller(view, value, call.scope) for _name, value in given)
    named = {name: value for name, value in given if name}
    place = 0
    for name, written in sql.columns:
        holes = written.count(HOLE)
        if name in unique and holes:
            value = named.get(name) or (given[place][1] if place < len(given) else None)
            return value is None or _is_of_caller(view, value, call.scope)
        place += holes
    return False


def _values(node: ast.expr) -> list[tuple[str, ast.expr]]:
    """Return the values that a statement is given, with their names where they have some."""
    if isinstance(node, ast.Tuple | ast.List):
        return [("", one) for one in node.elts]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [(str(key.value) if isinstance(key, ast.Constant) else "", value) for key, value in pairs]
    return [("", node)]


def _is_valued(view: View, steps: list[Step], unique: set[str]) -> bool:
    """Tell `.values(email=body.email)` and `.values(**body.model_dump())`, where `email` is unique."""
    keywords = [(one, step.scope) for step in steps if step.name == "values" for one in step.node.keywords]
    given = [(one, step.scope) for step in steps if step.name == "values" for one in step.node.args]
    return bool(unique) and (
        any((one.arg in unique or one.arg is None) and _is_of_caller(view, one.value, scope) for one, scope in keywords)
        or any(_is_of_caller(view, one, scope) for one, scope in given)
    )


def _rows(view: View, route: Route, calls: list[Called]) -> Iterator[tuple[int, Function | None, Class]]:
    """Yield the rows that are made, or set, with a caller's value where values have to be unique."""
    for call in calls:
        yield from ((call.node.lineno, call.site.function, model) for model in _unique_rows(view, call))
    for one in view.reached(route, "endpoint"):
        for node in one.function.nodes(ast.Assign):
            for target in [target for target in node.targets if isinstance(target, ast.Attribute)]:
                model = project_class(view.value(target.value, one.scope))
                is_unique = model is not None and view.fields.is_model(model) and target.attr in _unique(view, model)
                if model is not None and is_unique and _is_of_caller(view, node.value, one.scope):
                    yield node.lineno, one.function, model


def _unique_rows(view: View, call: Called) -> Iterator[Class]:
    """Yield the model of a row that is made with a caller's value where values have to be unique."""
    if call.name in ("model_validate", "from_orm", "parse_obj") and isinstance(call.node.func, ast.Attribute):
        model = view.value(call.node.func.value, call.scope)
        if isinstance(model, Class) and view.fields.is_model(model) and _unique(view, model):
            yield model
    if call.name in ("sqlmodel_update", "setattr"):
        yield from (copy.model for copy in view.copies.of(call) if copy.copied.names & _unique(view, copy.model))
    if not isinstance(call.value, Class) or not view.fields.is_model(call.value):
        return
    unique = _unique(view, call.value)
    for one in call.node.keywords if unique else ():
        if one.arg is None or (one.arg in unique and _is_of_caller(view, one.value, call.scope)):
            yield call.value
            return
    if unique and any(_is_of_caller(view, one, call.scope) for one in _set_after(call, unique)):
        yield call.value


def _set_after(call: Called, unique: set[str]) -> Iterator[ast.expr]:
    """Yield what columns are set to on a row that was made without: `user = User()`, `user.email = body.email`."""
    function = call.site.function
    assigned = list(function.nodes(ast.Assign)) if function else []
    rows = {ast.unparse(target) for one in assigned if one.value is call.node for target in one.targets}
    for one in assigned:
        for target in one.targets:
            if isinstance(target, ast.Attribute) and target.attr in unique and ast.unparse(target.value) in rows:
                yield one.value


def _unique(view: View, model: Class) -> set[str]:
    """Return the columns that are unique, alone or together with others."""
    scope = view.scope(model.module)
    columns = view.fields.columns(model)
    found = {name for name, field in columns.items() if view.constants.of(field.option("unique"), scope) is True}
    _annotation, arguments = model.attributes.get("__table_args__", (None, None))
    for node in ast.walk(arguments) if arguments is not None else ():
        if isinstance(node, ast.Call) and last_name(node.func) == "UniqueConstraint":
            found |= {str(one.value) for one in node.args if isinstance(one, ast.Constant)}
        if isinstance(node, ast.Call) and last_name(node.func) == "Index":
            is_unique = any(one.arg == "unique" and getattr(one.value, "value", False) for one in node.keywords)
            found |= {str(one.value) for one in node.args[1:] if is_unique and isinstance(one, ast.Constant)}
    return found


def _is_of_caller(view: View, node: ast.expr, scope: Scope) -> bool:
    """Tell what a caller sent, or what is made of it: `body.email.lower()`."""
    parts = [node]
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
        parts.append(node)
    origins = (one for part in parts for one in view.origins.of(part, scope))
    return any(root.kind == "parameter" for one in origins for root in one.roots)
