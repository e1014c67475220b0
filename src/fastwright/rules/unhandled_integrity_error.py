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
from fastwright.rules._rule import Called, Class, Found, Rule, Scope, View, at

RULE = Rule("errors", "medium", ("CWE-755", "CWE-362"))
_HANDLED = frozenset(
    {"IntegrityError", "SQLAlchemyError", "DBAPIError", "Exception", "BaseException", "UniqueViolationError"}
    | {"UniqueViolation", "DatabaseError"}
)
_OF_DATABASE = _HANDLED - {"Exception", "BaseException"}
_HANDLERS = ("exception_handler", "add_exception_handler")
_UPSERTS = ("on_conflict_do_nothing", "on_conflict_do_update", "merge", "prefix_with", "get_or_create")


def find(view: View) -> Iterator[Found]:
    if _has_handler(view):
        return
    seen: set[int] = set()
    for route in view.routes:
        if route.method not in ("POST", "PUT", "PATCH"):
            continue
        calls = list(view.calls(route, "endpoint"))
        made = next(((one, call) for call in calls for one in _unique_rows(view, call)), None)
        if made is None or any(call.name in _UPSERTS for call in calls):
            continue
        model, making = made
        writes = [one for one in calls if one.name in ("commit", "flush") and view.statements.on_session(one)]
        writes = [one for one in writes if one.site.function is not making.site.function or _follows(one, making)]
        if writes and not any(_is_handled(one) for one in writes) and id(writes[0].node) not in seen:
            seen.add(id(writes[0].node))
            where = writes[0].site.function or writes[0].site.module
            message = f"a second `{model.name}` with the same value answers 500 and not 409"
            yield at(where, writes[0].node, message, route=route)


def _follows(one: Called, other: Called) -> bool:
    return one.node.lineno >= other.node.lineno


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


def _is_handled(call: Called) -> bool:
    tries = (*call.within.caught, *call.site.around.tries)
    return any(_names(handler.type) & _HANDLED for one in tries for handler in one.handlers) or any(
        handler.type is None for one in tries for handler in one.handlers
    )


def _has_handler(view: View) -> bool:
    """Tell whether the application makes an answer of such errors itself, or any function does around its work."""
    modules = list(view.naming("exception_handler", "IntegrityError"))
    for site, scope in view.sites(modules, lambda name: name in _HANDLERS):
        if site.node.args and _handled_names(view, site.node.args[0], scope) & _OF_DATABASE:
            return True
    for module in modules:
        decorators = [one for function in module.functions for one in function.node.decorator_list]
        calls = [one for one in decorators if isinstance(one, ast.Call) and one.args]
        if any(last_name(one.func) in _HANDLERS and _names(one.args[0]) & _OF_DATABASE for one in calls):
            return True
        if any(_catches_around_yield(function.node) for function in module.functions):
            return True
    return any(
        isinstance(node, ast.keyword) and node.arg == "exception_handlers" and _OF_DATABASE & _keys(node.value)
        for module in modules
        for node in ast.walk(module.tree)
    )


def _handled_names(view: View, node: ast.expr, scope: Scope) -> set[str]:
    """Return the names of the errors that a handler is for; a loop over several is followed."""
    found = _names(node)
    if isinstance(node, ast.Name) and scope.function is not None:
        for binding in scope.function.facts.bindings.get(node.id, ()):
            written = view.constants.written(binding.value, scope)
            found |= _names(written[0]) if written is not None else set()
    return found


def _keys(node: ast.expr) -> set[str]:
    return {name for key in node.keys for name in _names(key)} if isinstance(node, ast.Dict) else set()


def _catches_around_yield(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell a dependency or context manager that turns the error of what runs inside it into something else."""
    return any(
        isinstance(node, ast.Try) and _has_yield(node) and _OF_DATABASE & _caught(node) for node in ast.walk(function)
    )


def _has_yield(node: ast.Try) -> bool:
    return any(isinstance(one, ast.Yield) for part in node.body for one in ast.walk(part))


def _caught(node: ast.Try) -> set[str]:
    return {name for handler in node.handlers for name in _names(handler.type)}


def _names(node: ast.expr | None) -> set[str]:
    if isinstance(node, ast.Tuple | ast.List):
        return {name for one in node.elts for name in _names(one)}
    return {last_name(node)} if node is not None else set()
