"""An error of any kind that nobody hears of.

## What it does
Finds `except Exception`, `except BaseException` and a bare `except` that neither raise nor log nor use the exception; a
line at level debug, which production does not keep, is no log. The same for an error of sending mail, for one that is
told as "it exists already" whatever it was, for any error of work with the database that is answered as a mistake of
the caller (400, 404, 422) and not logged, and for a module that prints that there is no database, and goes on. Also
an `HTTPException` that a helper returns and does not raise, and a job that returns what went wrong and counts as done.

## Why it hurts
A typo, a full disk and a lost connection look alike: like success. The caller reads 200, the data is not there, and the
log is empty.

## Bad
```python
from fastapi import FastAPI

from shop.mail import send

app = FastAPI()


@app.post("/subscribe", status_code=202)
def subscribe(email: str) -> None:
    try:
        send(email, "Welcome")
    except Exception:  # <- found
        pass
```

## Good
```python
import logging

from fastapi import FastAPI

from shop.mail import MailError, send

app = FastAPI()
log = logging.getLogger(__name__)


@app.post("/subscribe", status_code=202)
def subscribe(email: str) -> None:
    try:
        send(email, "Welcome")
    except MailError:
        log.exception("welcome mail was not sent")
```

## Known limits
Errors that are swallowed while something is closed or rolled back are meant, and not reported.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fastwright.project.source import called, last_name
from fastwright.rules._blamed import is_blamed
from fastwright.rules._rule import Found, Function, Module, Rule, View, at
from fastwright.rules._told_errors import JOBS
from fastwright.rules._words import words

RULE = Rule("errors", "medium", ("ASVS 5.0.0 16.5.3", "CWE-390", "CWE-391"))
_BROAD = frozenset({"Exception", "BaseException"})
_CLEANING = frozenset(
    {"close", "aclose", "rollback", "disconnect", "unlink", "dispose", "shutdown", "terminate", "unsubscribe"}
)
_TELLING = frozenset(
    {"log", "debug", "info", "warning", "error", "exception", "critical", "record", "metric", "observe"}
)
_QUIET = frozenset({"debug", "rollback"})
# What an optional feature is found out by.
_PROBING = frozenset({"import_module", "find_spec", "getattr"})

_OF_MAIL = frozenset({"SMTPException", "SMTPError", "ConnectionErrors"})
_CONNECTING = frozenset({"create_all", "create_pool", "create_engine", "create_async_engine"})
_EXISTING = re.compile(r"already (exist|taken|in use|registered|used)", re.IGNORECASE)

# What asks whether something works: that it does not is the answer.
_CHECKS = frozenset(
    {
        "health",
        "healthcheck",
        "healthz",
        "ready",
        "readiness",
        "live",
        "liveness",
        "alive",
        "ping",
        "probe",
        "available",
    }
    | {"reachable", "connected", "status"}
)


def find(view: View) -> Iterator[Found]:
    endpoints = {id(route.function) for route in view.routes}
    for module in view.naming("except", "suppress"):
        is_served = not module.is_migration and module not in view.scripts
        for where in (module, *module.functions) if is_served else ():
            for node in where.facts.nodes.get(ast.Try, ()):
                if isinstance(node, ast.Try) and not _is_cleaning(node) and not _is_telling(node):
                    yield from _swallowing(view, where, node)
                if isinstance(node, ast.Try) and isinstance(where, Function) and id(where) not in endpoints:
                    yield from _returned(where, node)
                if isinstance(node, ast.Try) and isinstance(where, Module) and _connects(node):
                    yield from _going_on(where, node)
            for kind in (ast.With, ast.AsyncWith):
                for node in where.facts.nodes.get(kind, ()):
                    if isinstance(node, kind) and _is_suppressed(view, where, node) and not _is_cleaning(node):
                        yield at(where, node, "any error ends here, and nobody hears of it")


def _is_suppressed(view: View, where: Module | Function, node: ast.With | ast.AsyncWith) -> bool:
    """Tell `with contextlib.suppress(Exception):`."""
    return any(
        isinstance(one.context_expr, ast.Call)
        and view.library(one.context_expr.func, view.scope(where)) == "contextlib.suppress"
        and any(_is_broad(error) for error in one.context_expr.args)
        for one in node.items
    )


def _swallowing(view: View, where: Module | Function, node: ast.Try) -> Iterator[Found]:
    for handler in node.handlers:
        if _is_meant(where, handler):
            continue
        if (_is_broad(handler.type) or _is_of_mail(handler.type)) and _is_silent(handler):
            yield at(where, handler, "any error ends here, and nobody hears of it")
        elif _is_broad(handler.type) and isinstance(where, Function) and where.decorators & JOBS and _is_told(handler):
            yield at(where, handler, "a job that failed counts as done, since its error is only returned")
        elif _is_broad(handler.type) and _is_taken_for_a_second(handler):
            yield at(where, handler, "any error is told as a row that exists already, and nobody hears of it")
        elif _is_broad(handler.type) and isinstance(where, Function):
            said = [one for one in handler.body if not _says_nothing(one)]
            if is_blamed(view, where, node, handler, said):
                yield at(where, handler, "any error, of the database too, is told as the caller's, and is not logged")


def _returned(where: Function, node: ast.Try) -> Iterator[Found]:
    """Yield `return HTTPException(…)` in a handler: whoever calls takes it for a result."""
    for handler in node.handlers:
        for one in ast.walk(handler):
            if isinstance(one, ast.Return) and one.value is not None and called(one.value) == "HTTPException":
                yield at(where, one, "the error is returned and not raised, so whoever calls goes on with it")


def _is_told(handler: ast.ExceptHandler) -> bool:
    """Tell a handler that returns what was wrong, and does nothing else about it."""
    calls = [last_name(node.func) for one in handler.body for node in ast.walk(one) if isinstance(node, ast.Call)]
    return isinstance(handler.body[-1], ast.Return) and set(calls) <= {"str", "repr", "dict", "print"}


def _is_of_mail(node: ast.expr | None) -> bool:
    """Tell what is raised where a mail is not sent, which is more than one address that is wrong."""
    return node is not None and last_name(node) in _OF_MAIL


def _is_taken_for_a_second(handler: ast.ExceptHandler) -> bool:
    """Tell a handler that raises or prints "already exists" and does nothing else with the error."""
    said = [one.exc if isinstance(one, ast.Raise) else one for one in handler.body if _ends(one)]
    inner = [node for one in said if one is not None for node in ast.walk(one)]
    others = [node for one in handler.body if not _ends(one) and not _says_nothing(one) for node in ast.walk(one)]
    asks = any(
        isinstance(node, ast.Expr | ast.Return | ast.Raise) or getattr(node, "id", "") == handler.name
        for node in others
    )
    texts = [str(node.value) for node in inner if isinstance(node, ast.Constant)]
    return not asks and None not in said and any(_EXISTING.search(text) for text in texts)


def _ends(node: ast.stmt) -> bool:
    return isinstance(node, ast.Raise) or _prints(node)


def _prints(node: ast.stmt) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"


def _connects(node: ast.Try) -> bool:
    """Tell what an app cannot be without: its tables, or its pool of connections."""
    calls = (one for statement in node.body for one in ast.walk(statement) if isinstance(one, ast.Call))
    return any(last_name(one.func) in _CONNECTING or last_name(one.func).endswith("Pool") for one in calls)


def _going_on(where: Module, node: ast.Try) -> Iterator[Found]:
    """Yield the handlers after which a module is imported as if it had worked."""
    for handler in node.handlers:
        is_told = _is_broad(handler.type) and _is_silent(handler)
        if not is_told and not _is_meant(where, handler) and all(_prints(one) for one in handler.body):
            yield at(where, handler, "the app starts without its database, and this is all that tells of it")


def _is_meant(where: Module | Function, handler: ast.ExceptHandler) -> bool:
    """Tell a handler that another linter is told to leave alone, or one whose answer is that it does not work."""
    if isinstance(where, Function) and _CHECKS & set(words(where.name)) and _gives(handler):
        return True
    module = where if isinstance(where, Module) else where.module
    line = module.lines[handler.lineno - 1]
    return any(code in line for code in ("BLE001", "S110", "S112", "E722", "nosec", "broad-except"))


def _gives(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Return | ast.Assign) for node in handler.body)


def _is_telling(node: ast.Try) -> bool:
    """Tell what only writes a log or counts something: there is nowhere left to tell that this failed."""
    calls = [one.value for one in node.body if isinstance(one, ast.Expr)]
    named = [{*words(last_name(one.func)), last_name(one.func)} for one in calls if isinstance(one, ast.Call)]
    return len(named) == len(node.body) and all(names & _TELLING for names in named)


def _is_broad(node: ast.expr | None) -> bool:
    if node is None:
        return True
    if isinstance(node, ast.Tuple):
        return any(_is_broad(one) for one in node.elts)
    return (node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")) in _BROAD


def _is_silent(handler: ast.ExceptHandler) -> bool:
    """Tell a handler that does nothing with the error: no call, no raise, no use of the name."""
    for statement in handler.body:
        if _says_nothing(statement):
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Raise | ast.Call | ast.Assert):
                return False
            if isinstance(node, ast.Name) and node.id == handler.name:
                return False
    return True


def _says_nothing(node: ast.stmt) -> bool:
    """Tell `log.debug(…)`, `session.rollback()` and `print("no luck")`, after which nobody knows why."""
    call = node.value if isinstance(node, ast.Expr) else None
    call = call.value if isinstance(call, ast.Await) else call
    if not isinstance(call, ast.Call):
        return False
    if isinstance(call.func, ast.Name) and call.func.id == "print":
        return all(isinstance(one, ast.Constant) for one in call.args)
    return isinstance(call.func, ast.Attribute) and call.func.attr in _QUIET


def _is_cleaning(node: ast.Try | ast.With | ast.AsyncWith) -> bool:
    """Tell a block that only closes something, or tries an import."""
    imports = [one for one in node.body if isinstance(one, ast.Import | ast.ImportFrom)]
    calls = [one for statement in node.body for one in ast.walk(statement) if isinstance(one, ast.Call)]
    names = {last_name(one.func) for one in calls}
    if imports or (len(node.body) == 1 and names & (_CLEANING | _PROBING)):
        return True
    return bool(names) and names <= _CLEANING and all(isinstance(one, ast.Expr) for one in node.body)
