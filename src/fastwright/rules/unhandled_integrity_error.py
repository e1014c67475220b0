"""A row that exists already, or what it refers to and does not, answers 500.

## What it does
Finds an endpoint that puts what callers send into a unique column or a key, with the ORM, with Core or as SQL in text,
and nothing on the way, and no exception handler of the application, that makes an answer of the `IntegrityError`. The
same for a foreign key of a model, where nobody looks whether the other row is there, and for a `DELETE` of a row that
others cannot be without. A commit is reported in the function that has the row made and committed.

## Why it hurts
Two requests at the same moment both find the name free. One of them gets a 500 and a line in the error log, for what is
a 409 and nobody's fault. Looking first makes it rarer and not impossible. So does an id that names nothing: a mistake
of the caller looks like one of the server.

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
Check constraints raise the same error and are not looked at; nor are foreign keys of tables without a class, and of an
app that has SQLite only, which does not hold rows to them unless it is told to. A commit outside of the endpoint, in a
dependency, is not followed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import takewhile

from fastwright.project.source import last_name
from fastwright.rules._engine.statements import sql_argument
from fastwright.rules._integrity import handling_decorators, has_handler, is_handled
from fastwright.rules._referring import dangling, holds_references, is_looked_up, needed
from fastwright.rules._rule import Called, Class, Found, Function, Route, Rule, Site, View, at, project_class
from fastwright.rules._uniqueness import is_given, is_of_caller, primary_columns, sent_table, unique_columns

RULE = Rule("errors", "medium", ("CWE-755", "CWE-362"))
_SECOND = "a second `{}` with the same value answers 500 and not 409"
_UPSERTS = ("on_conflict_do_nothing", "on_conflict_do_update", "merge", "prefix_with", "get_or_create")


def find(view: View) -> Iterator[Found]:
    if has_handler(view):
        return
    seen: set[int] = set()
    decorators, refers = handling_decorators(view), holds_references(view)
    for route in view.routes:
        if route.method not in ("POST", "PUT", "PATCH", "DELETE"):
            continue
        calls = list(view.calls(route, "endpoint"))
        referring = _referring(view, route, calls) if refers else ()
        for call, site, message in (*_written(view, route, calls), *referring):
            if id(site.node) not in seen and not is_handled(view, call, decorators):
                seen.add(id(site.node))
                yield at(site.function or site.module, site.node, message, route=route)


def _written(view: View, route: Route, calls: list[Called]) -> Iterator[tuple[Called, Site, str]]:
    """Yield what sends a row to the database that may be there already, and where that is told.

    A commit is told in the function that has the row made and committed, and not in a helper that commits anything.
    """
    if route.method == "DELETE" or any(call.name in _UPSERTS for call in calls):
        return
    for call in calls:
        if name := next(sent_table(view, call), ""):
            yield call, _given_at(view, call), _SECOND.format(name)
    commits = _commits(view, calls)
    made = next(_rows(view, route, calls), None) if commits else None
    if made is not None:
        line, way, function, model = made
        yield from _committed(commits, line, way, function, _SECOND.format(model.name))


def _referring(view: View, route: Route, calls: list[Called]) -> Iterator[tuple[Called, Site, str]]:
    """Yield what sends a row that refers to what is not there, or deletes one that others refer to."""
    if route.method == "DELETE":
        for call in calls:
            if pair := needed(view, route, call):
                message = f"a `{pair[0].name}` that a `{pair[1].name}` refers to answers 500 and not 409"
                yield call, _into(call, pair[0]), message
        return
    commits = _commits(view, calls)
    for one in dangling(view, route, calls) if commits else ():
        if not is_looked_up(view, route, one):
            message = f"a `{one.name}` that no `{one.parent.name}` has answers 500 and not 404"
            yield from _committed(commits, one.line, one.reached.way, one.reached.function, message)
            return


def _into(call: Called, model: Class) -> Site:
    """Return where a row is deleted; of a repository for any model, the call that leads into it."""
    here = call.site.module
    if model.name.encode() in here.content:
        return call.site
    return next((one for one in reversed(call.sites) if one.module is not here), call.site)


def _commits(view: View, calls: list[Called]) -> list[Called]:
    return [one for one in calls if one.name in ("commit", "flush") and view.statements.on_session(one)]


def _committed(
    commits: list[Called], line: int, way: tuple[Site, ...], function: Function | None, message: str
) -> Iterator[tuple[Called, Site, str]]:
    """Yield the commit that follows on what was made in a function, and the call on the way to it that is told."""
    later = [one for one in commits if one.site.function is not function or one.node.lineno >= line]
    nearest = max(later, key=lambda one: _common(one.sites, way), default=None)
    if nearest is not None:
        yield nearest, nearest.sites[min(_common(nearest.sites, way), len(nearest.sites) - 1)], message


def _given_at(view: View, call: Called) -> Site:
    """Return where a statement is written that is handed on to a function that runs whatever it is given."""
    _text, where = view.statements.texts.given(sql_argument(call.node), call.scope)
    scopes = (*call.within.scopes, call.scope)
    return next((site for site, scope in zip(call.sites, scopes, strict=True) if scope is where), call.site)


def _common(sites: tuple[Site, ...], others: tuple[Site, ...]) -> int:
    """Return how many calls two ways from an endpoint have in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], zip(sites, others, strict=False)))


_Made = tuple[int, tuple[Site, ...], Function | None, Class]


def _rows(view: View, route: Route, calls: list[Called]) -> Iterator[_Made]:
    """Yield the rows that are made, or set, with a caller's value where values have to be unique, and the way there."""
    for call in calls:
        models = (*_unique_rows(view, call), *_updated(view, call))
        yield from ((call.node.lineno, call.within.way, call.site.function, model) for model in models)
    for one in view.reached(route, "endpoint"):
        for node in one.function.nodes(ast.Assign):
            for target in [target for target in node.targets if isinstance(target, ast.Attribute)]:
                model = project_class(view.value(target.value, one.scope))
                if model is None or not view.fields.is_model(model) or target.attr not in unique_columns(view, model):
                    continue
                if is_of_caller(view, node.value, one.scope):
                    yield node.lineno, one.way, one.function, model


def _updated(view: View, call: Called) -> Iterator[Class]:
    """Yield the model of `query.update({User.email: body.email})`."""
    given = call.node.args[0] if call.name == "update" and call.node.args else None
    if not isinstance(given, ast.Dict) or not isinstance(call.node.func, ast.Attribute):
        return
    for model in view.statements.models(call.node.func.value, call.scope):
        pairs = zip(given.keys, given.values, strict=True)
        named = [
            (str(getattr(key, "value", "")) if isinstance(key, ast.Constant) else last_name(key), v) for key, v in pairs
        ]
        if any(name in unique_columns(view, model) and is_of_caller(view, value, call.scope) for name, value in named):
            yield model


def _unique_rows(view: View, call: Called) -> Iterator[Class]:
    """Yield the model of a row that is made with a caller's value where values have to be unique."""
    if call.name in ("model_validate", "from_orm", "parse_obj") and isinstance(call.node.func, ast.Attribute):
        model = view.value(call.node.func.value, call.scope)
        if isinstance(model, Class) and view.fields.is_model(model) and unique_columns(view, model):
            yield model
    if call.name in ("sqlmodel_update", "setattr", "update"):
        yield from (copy.model for copy in view.copies.of(call) if copy.copied.names & unique_columns(view, copy.model))
    if not isinstance(call.value, Class) or not view.fields.is_model(call.value):
        return
    unique, keys = unique_columns(view, call.value), primary_columns(view, call.value)
    if any(one.arg in keys and _is_new(view, one.value, call) for one in call.node.keywords):
        return  # a key is new of which a part is
    # A row with a key that was looked for and not found is made once, but for a race.
    wanted = unique if call.site.around.branches else unique | keys
    named = any(name in wanted and is_of_caller(view, value, scope) for name, value, scope in view.keywords(call))
    spread = [one for one in call.node.keywords if one.arg is None and unique]
    if named or any(is_given(view, one, unique, call.scope) for one in spread):
        yield call.value
        return
    if unique and any(is_of_caller(view, one, call.scope) for one in _set_after(call, unique)):
        yield call.value


def _is_new(view: View, node: ast.expr, call: Called) -> bool:
    """Tell the key of a row that is made here, too: `chat.id` after `chat = Chat()`."""
    function = call.site.function
    name = node.value.id if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) else ""
    made = [one.value for one in function.facts.bindings.get(name, ())] if function is not None else []
    classes = [view.value(one.func, call.scope) for one in made if isinstance(one, ast.Call)]
    return any(isinstance(one, Class) and view.fields.is_model(one) for one in classes)


def _set_after(call: Called, unique: set[str]) -> Iterator[ast.expr]:
    """Yield what columns are set to on a row that was made without: `user = User()`, `user.email = body.email`."""
    function = call.site.function
    assigned = list(function.nodes(ast.Assign)) if function else []
    rows = {ast.unparse(target) for one in assigned if one.value is call.node for target in one.targets}
    for one in assigned:
        for target in one.targets:
            if isinstance(target, ast.Attribute) and target.attr in unique and ast.unparse(target.value) in rows:
                yield one.value
