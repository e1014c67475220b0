"""What went wrong inside, told to whoever calls.

## What it does
Finds the text of an exception of any kind (or of the database, of tokens), or a traceback, in an answer: in the
`detail` of an `HTTPException`, in a response, in what an endpoint returns, or in an error of the project whose handler
tells it; and `FastAPI(debug=True)`, which shows tracebacks.

## Why it hurts
Such texts name tables, files, hosts and values of other people. They help whoever attacks, and nobody else: a request
id in the answer and the exception in the log help both sides.

## Bad
```python
from fastapi import FastAPI, HTTPException

from shop.payments import charge

app = FastAPI()


@app.post("/pay", status_code=202)
def pay(order_id: int) -> None:
    try:
        charge(order_id)
    except Exception as error:
        raise HTTPException(status_code=500, detail=str(error))  # <- found
```

## Good
```python
import logging

from fastapi import FastAPI, HTTPException

from shop.payments import CardRefused, charge

app = FastAPI()
log = logging.getLogger(__name__)


@app.post("/pay", status_code=202)
def pay(order_id: int) -> None:
    try:
        charge(order_id)
    except CardRefused as refusal:
        raise HTTPException(status_code=402, detail=str(refusal)) from refusal
    except Exception as error:
        log.exception("a charge failed")
        raise HTTPException(status_code=502, detail="the payment provider did not answer") from error
```

## Known limits
Exceptions that the project itself defines, and `ValueError`, are taken to have texts that are meant for callers.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import last_name
from fastwright.rules._rule import Bound, Found, Function, Rule, Scope, View, at, project_class
from fastwright.rules._told_errors import JOBS, is_error, registered, shows, told_errors

RULE = Rule("errors", "medium", ("ASVS 5.0.0 16.5.1", "API8:2023", "CWE-209"))
_BROAD = frozenset({"Exception", "BaseException", "RuntimeError", "OSError", "IOError", "ConnectionError"})
_DATABASES = ("sqlalchemy.", "psycopg", "asyncpg.", "sqlite3.", "pymongo.", "redis.")
_LIBRARIES = (*_DATABASES, "requests.", "httpx.", "botocore.", "jwt.", "jose.", "authlib.", "itsdangerous.")
_ANSWERS = frozenset(
    {"HTTPException", "JSONResponse", "Response", "PlainTextResponse", "HTMLResponse", "ORJSONResponse"}
)
_TRACES = frozenset({"traceback.format_exc", "traceback.format_exception", "sys.exc_info"})


def find(view: View) -> Iterator[Found]:
    known = {id(handler) for error, scope, handler in registered(view) if _is_foreign(view, error, scope)}
    for module in view.naming("except", "exception_handler", "Exception"):
        for function in module.functions:
            if function.decorators & JOBS:
                continue
            for handler in _handlers(view, function, view.scope(function)):
                yield from _told(view, function, handler)
            if id(function) in known or any(_exception_handlers(view, function)):
                names = list(function.parameters)
                name = names[1] if len(names) > 1 else ""
                yield from _leaks(view, function, name, list(function.node.body), returns=True)
    yield from _debugged(view)


def _debugged(view: View) -> Iterator[Found]:
    """Yield `FastAPI(debug=True)`, with which every traceback is an answer."""
    for site, scope in view.sites(view.naming("debug=True", "debug = True"), lambda name: name == "FastAPI"):
        options = [one.value for one in site.node.keywords if one.arg == "debug"]
        is_on = any(isinstance(one, ast.Constant) and one.value is True for one in options)
        if is_on and site.module not in view.scripts and view.library(site.node.func, scope).startswith("fastapi."):
            yield at(site.function or site.module, options[0], "tracebacks are in the answers")


def _told(view: View, function: Function, handler: ast.ExceptHandler) -> Iterator[Found]:
    """Yield where what was caught is told: by the handler, by a helper that is given it, or by what comes after."""
    name, returns = handler.name or "", _answers(view, function)
    yield from _leaks(view, function, name, handler.body, returns=returns)
    for statement in handler.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                yield from _by_helper(view, function, node, name)
    kept = {name for one in handler.body for name in _kept(view, function, one, handler.name or "")}
    for node in function.nodes(ast.Return) if kept and returns else ():
        later = node.lineno > (handler.end_lineno or 0) and node.value is not None
        shown = [one.id for one in ast.walk(node.value) if isinstance(one, ast.Name)] if later and node.value else []
        if kept & set(shown):
            yield at(function, node, "the text of the error is in the answer")


def _kept(view: View, function: Function, statement: ast.stmt, name: str) -> Iterator[str]:
    """Yield the variables that the text of an error is put into, and the lists."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "append":
        told = any(_tells(view, function, one, name, 0) for one in call.args)
        yield from [last_name(call.func.value)] if told else []
    if isinstance(statement, ast.Assign) and _tells(view, function, statement.value, name, 0):
        yield from (one.id for one in statement.targets if isinstance(one, ast.Name))


def _by_helper(view: View, function: Function, call: ast.Call, name: str) -> Iterator[Found]:
    """Yield the answer that a function of the project makes of an error, or of its text, which it is given."""
    target = view.value(call.func, view.scope(function))
    if not isinstance(target, Bound) or target.function.decorators & JOBS:
        return
    named = dict(zip(target.function.parameters, call.args, strict=False))
    named |= {str(one.arg): one.value for one in call.keywords}
    for parameter, given in named.items():
        if is_error(given, name):
            yield from _leaks(view, target.function, parameter, list(target.function.node.body), returns=False)
        elif _tells(view, function, given, name) and _puts(view, target.function, parameter):
            yield at(function, call, "the text of the error is in the answer")


def _puts(view: View, function: Function, parameter: str) -> bool:
    """Tell a function that raises an answer with what it is given in it."""
    raised = [node.exc for node in function.nodes(ast.Raise) if isinstance(node.exc, ast.Call)]
    answers = [one for one in raised if _is_answer(view, function, one)]
    return any(isinstance(one, ast.Name) and one.id == parameter for node in answers for one in ast.walk(node))


def _answers(view: View, function: Function) -> bool:
    """Tell whether what a function returns may be an answer: it runs for an endpoint."""
    return id(function) in view.running


def _handlers(view: View, function: Function, scope: Scope) -> Iterator[ast.ExceptHandler]:
    for node in function.nodes(ast.Try):
        for handler in node.handlers:
            if _is_foreign(view, handler.type, scope):
                yield handler


def _exception_handlers(view: View, function: Function) -> Iterator[ast.Call]:
    """Yield the decorators by which a function handles errors of any kind."""
    for one in function.node.decorator_list:
        is_handler = isinstance(one, ast.Call) and one.args and last_name(one.func) == "exception_handler"
        if is_handler and isinstance(one, ast.Call) and _is_foreign(view, one.args[0], view.scope(function.module)):
            yield one


def _is_foreign(view: View, node: ast.expr | None, scope: Scope) -> bool:
    """Tell errors of which the text is not meant for callers: of any kind, and of libraries."""
    if node is None:
        return True
    if isinstance(node, ast.Tuple):
        return any(_is_foreign(view, one, scope) for one in node.elts)
    status = view.constants.status(node, scope)
    if status is not None:
        return status >= 500
    name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
    path = view.library(node, scope)
    return name in _BROAD or path.startswith(_LIBRARIES) or name in ("SQLAlchemyError", "IntegrityError", "DBAPIError")


def _leaks(view: View, function: Function, name: str, body: list[ast.stmt], *, returns: bool) -> Iterator[Found]:
    for statement in body:
        for node in ast.walk(statement):
            told = node.value if isinstance(node, ast.Return) and returns else None
            if isinstance(told, ast.Tuple) and not function.decorators:
                continue  # what a helper tells whoever calls it
            if told is not None and _tells(view, function, told, name):
                yield at(function, node, "the text of the error is in the answer")
                break
            is_told = returns and any(_around(statement, node))
            if _is_answer(view, function, node) and _tells(view, function, node, name) and not is_told:
                yield at(function, node, "the text of the error is in the answer")


def _is_answer(view: View, function: Function, node: ast.AST) -> bool:
    """Tell a response, and an error that is one, also of a class of the project."""
    if not isinstance(node, ast.Call):
        return False
    if last_name(node.func) in _ANSWERS:
        return True
    made = project_class(view.value(node.func, view.scope(function)))
    if made is not None and view.evaluator.classes.inherits(made, lambda path: path.endswith("HTTPException")):
        return True
    told = told_errors(view) if made is not None else set[int]()
    if made is not None and told and any(id(one) in told for one in view.evaluator.classes.lineage(made)):
        return True
    return view.library(node, view.scope(function)).endswith(".HTTPException")


def _around(statement: ast.stmt, node: ast.AST) -> Iterator[ast.AST]:
    """Yield the `return` that a call is in, which is reported by itself."""
    for one in ast.walk(statement):
        if isinstance(one, ast.Return) and any(inner is node for inner in ast.walk(one)):
            yield one


def _tells(view: View, function: Function, node: ast.AST, name: str, depth: int = 3) -> bool:
    """Tell whether the text of an error is in an expression: `str(e)`, `f"{e}"`, `e.args`, a traceback."""
    scope = view.scope(function)
    for inner in ast.walk(node):
        if shows(inner, name) or (isinstance(inner, ast.Call) and view.library(inner.func, scope) in _TRACES):
            return True
        if isinstance(inner, ast.Name) and depth and inner.id != name:
            bindings = function.facts.bindings.get(inner.id, ())
            if any(_tells(view, function, one.value, name, 0) for one in bindings if one.kind == "value"):
                return True
    return False
