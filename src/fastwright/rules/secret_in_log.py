"""A password, a token or a key in the log.

## What it does
Finds calls of a logger (and `print`) that are given a value with the name of a secret, the headers of a request, the
address of a database, or the whole of something that has a secret in it: a body, a dictionary from which the function
takes a password, settings, the environment. A text that was put together before counts, too.

## Why it hurts
Logs are copied to many places, kept for years, and read by many people. A password in a log is a password on a note at
the screen.

## Bad
```python
import logging

from fastapi import FastAPI
from pydantic import BaseModel

from shop.accounts import invite

app = FastAPI()
log = logging.getLogger(__name__)


class Invitation(BaseModel):
    email: str
    password: str


@app.post("/invitations", status_code=202)
def send_invitation(invitation: Invitation) -> None:
    log.info("invited %s with %s", invitation.email, invitation.password)  # <- found
    log.debug("body: %s", invitation)  # <- found
    invite(invitation.email, invitation.password)
```

## Good
```python
import logging

from fastapi import FastAPI
from pydantic import BaseModel, SecretStr

from shop.accounts import invite

app = FastAPI()
log = logging.getLogger(__name__)


class Invitation(BaseModel):
    email: str
    password: SecretStr


@app.post("/invitations", status_code=202)
def send_invitation(invitation: Invitation) -> None:
    log.info("invited %s", invitation.email)
    log.debug("body: %s", invitation)
    invite(invitation.email, invitation.password.get_secret_value())
```

## Known limits
What a value is, is told by its name. A filter of the logging configuration that masks secrets is not known.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import arguments, called, last_name
from fastwright.rules._log_texts import found, is_piece, labelled, told_by_itself
from fastwright.rules._rule import Class, Found, Instance, Rule, Scope, Site, View, at
from fastwright.rules._words import is_hash, is_password, is_secret, words

RULE = Rule("errors", "high", ("ASVS 5.0.0 16.2.5", "CWE-532"))
_LEVELS = frozenset(
    {"debug", "info", "warning", "warn", "error", "critical", "exception", "log", "msg", "success", "trace", "print"}
)
_LOGGERS = ("logging.", "structlog.", "loguru.")
_NAMES = frozenset({"log", "logger", "logging", "_log", "_logger", "LOG", "LOGGER"})
_TOKENS = (("token",), ("access", "token"), ("refresh", "token"), ("api", "key"), ("secret", "key"), ("jwt",))
_TOKENS_TOO = (("auth", "token"), ("bearer", "token"), ("id", "token"), ("authorization",), ("session", "token"))
_ENDINGS = (("api", "key"), ("access", "token"), ("refresh", "token"), ("secret", "key"), ("auth", "token"))
# Addresses that have a password in them.
_ADDRESSES = tuple(
    (of, end) for of in ("database", "db", "amqp", "mq", "broker", "mongo") for end in ("url", "uri", "dsn")
)
_QUESTIONS = frozenset({"has", "is", "no", "use", "uses", "needs", "missing", "invalid", "require", "requires"})
# What is done with a secret that leaves nothing of it.
_MASKS = frozenset({"len", "bool", "hash", "mask", "redact", "type", "masked", "redacted", "sha256", "fingerprint"})
# What gives the whole of what a request brings.
_BODIES = (".body()", ".json()", ".form()")
# Functions that show what they are given.
_SHOWING = frozenset({"str", "repr", "format", "dumps", "dict", "list", "tuple", "vars", "join", "pformat", "encode"})
_KEEPING = frozenset({"get_secret_value", "format", "strip", "decode", "join"})


def find(view: View) -> Iterator[Found]:
    for site, scope in view.sites(view.naming("log", "print"), lambda name: name in _LEVELS):
        if not _is_logger(view, site, scope):
            continue
        names = (name for one in _logged(site) for name in (*_secrets(view, one, scope), *found(view, one, scope)))
        name = next(names, "") or next(labelled(site.node), "")
        if name:
            yield at(site.function or site.module, site.node, f"`{name}` is written to the log")
    for owner in (one for module in view.naming("def __repr__", "def __str__") for one in module.classes):
        for method, node, name in told_by_itself(owner):
            yield at(method, node, f"`{name}` is written wherever a `{owner.name}` is logged")


def _is_logger(view: View, site: Site, scope: Scope) -> bool:
    func = site.node.func
    if isinstance(func, ast.Name):
        return func.id == "print" and not _is_script(view, site)
    if not isinstance(func, ast.Attribute):
        return False
    if view.library(func, scope).startswith(_LOGGERS):
        return True
    last = last_name(func.value)
    return last in _NAMES


def _is_script(view: View, site: Site) -> bool:
    """Tell what is run by hand, and prints for whoever runs it."""
    if site.function is None:
        return site.module in view.scripts or b"__main__" in site.module.content
    return b"__main__" in site.module.content and id(site.function) not in view.running


def _logged(site: Site) -> Iterator[ast.expr]:
    yield from site.node.args
    yield from (one.value for one in site.node.keywords if one.arg != "exc_info")


def _secrets(view: View, node: ast.expr, scope: Scope) -> Iterator[str]:
    """Yield the names of secrets in what is logged."""
    if whole := _of_everything(view, node, scope):
        yield whole
    elif isinstance(node, ast.Call):
        yield from _of_call(view, node, scope)
    elif isinstance(node, ast.Name | ast.Attribute):
        yield from _of_name(view, node, scope)
    elif isinstance(node, ast.Subscript):
        key = node.slice.value if isinstance(node.slice, ast.Constant) else ""
        if isinstance(key, str) and _is_named_secret(key):
            yield key
    elif isinstance(node, ast.IfExp):
        yield from (name for one in (node.body, node.orelse) for name in _secrets(view, one, scope))
    elif not isinstance(node, ast.Compare | ast.Constant | ast.Lambda):
        for one in ast.iter_child_nodes(node):
            if isinstance(one, ast.expr):
                yield from _secrets(view, one, scope)


def _of_call(view: View, node: ast.Call, scope: Scope) -> Iterator[str]:
    """Yield the secrets that a call gives back; what is measured or masked is none any more."""
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    name = last_name(node.func)
    if any(word in _MASKS for word in (name, *words(name))):
        return
    if owner is not None and name in ("model_dump", "dict", "model_dump_json", "json"):
        options = {one.arg: view.constants.texts(one.value, scope) for one in node.keywords}
        for secret in _of_schema(view, owner, scope):
            if secret not in options.get("exclude", ()) and secret in options.get("include", (secret,)):
                yield secret
        return
    key = (
        node.args[0].value
        if name in ("get", "getenv") and node.args and isinstance(node.args[0], ast.Constant)
        else None
    )
    if owner is not None and isinstance(key, str) and _is_named_secret(key):
        yield key
    for one in arguments(node) if name in _SHOWING else ():
        yield from _secrets(view, one, scope)
    if owner is not None and name in _KEEPING:
        yield from _secrets(view, owner, scope)
    yield from _of_schema(view, node, scope) if isinstance(view.value(node.func, scope), Class) else ()


def _of_name(view: View, node: ast.Name | ast.Attribute, scope: Scope) -> Iterator[str]:
    name = node.attr if isinstance(node, ast.Attribute) else node.id
    if isinstance(node, ast.Name) and (is_piece(node.id, scope) or _is_fact(node.id, scope)):
        return
    if isinstance(node, ast.Name) and not _is_named_secret(name):
        yield from _of_text(view, node, scope)
    if _is_named_secret(name):
        value = view.value(node, scope)
        if not (isinstance(value, Instance) and "Secret" in view.library(node, scope)) and not _is_masked(
            view, node, scope
        ):
            yield name
    elif words(name)[-2:] in _ADDRESSES or words(name) == ("dsn",):
        yield from [name] if not _is_local(view, node, scope) else ()
    elif isinstance(node, ast.Attribute) and name in ("headers", "cookies"):
        if view.library(node.value, scope).startswith(("fastapi.", "starlette.")):
            yield name
    else:
        yield from _of_schema(view, node, scope)
        yield from _of_dictionary(node, scope) if isinstance(node, ast.Name) else ()


def _of_everything(view: View, node: ast.expr, scope: Scope) -> str:
    """Return what has secrets in it, whatever they are called: the environment, and all bodies in a middleware."""
    path = view.library(node, scope)
    bindings = scope.function.facts.bindings.get(node.id, ()) if scope.function and isinstance(node, ast.Name) else ()
    path = next((one for value in bindings if (one := view.library(value.value, scope)).endswith(_BODIES)), path)
    if path in ("os.environ", "os.environ.copy()"):
        return "os.environ"
    function = scope.function
    is_between = function is not None and (function.name == "dispatch" or "middleware" in function.decorators)
    is_body = path.startswith(("fastapi.", "starlette.")) and path.endswith(_BODIES)
    return "body" if is_body and is_between and any(view.naming("password")) else ""


def _of_dictionary(node: ast.Name, scope: Scope) -> Iterator[str]:
    """Yield a secret that the function takes out of a dictionary of which it logs the whole."""
    function = scope.function
    for one in function.nodes(ast.Subscript) if function else ():
        key = one.slice.value if isinstance(one.slice, ast.Constant) else None
        if last_name(one.value) == node.id and isinstance(one.ctx, ast.Load) and isinstance(key, str):
            yield from [key] if _is_named_secret(key) else ()
    for site in function.calls if function else ():
        func, first = site.node.func, next(iter(site.node.args), None)
        key = first.value if isinstance(first, ast.Constant) else None
        if site.name == "get" and isinstance(func, ast.Attribute) and last_name(func.value) == node.id:
            yield from [key] if isinstance(key, str) and _is_named_secret(key) else ()


def _is_local(view: View, node: ast.expr, scope: Scope) -> bool:
    """Tell the address of a database that is a file, or has nobody's password in it."""
    written, where = view.constants.written(node, scope) or (node, scope)
    text = view.constants.of(written, where)
    return isinstance(text, str) and "@" not in text


def _of_text(view: View, node: ast.Name, scope: Scope) -> Iterator[str]:
    """Yield the secrets in a text that was put together before it is logged: `url = f"…?key={API_KEY}"`."""
    bindings = scope.function.facts.bindings.get(node.id, ()) if scope.function else ()
    for value in (one.value for one in bindings if one.line < node.lineno):
        if isinstance(value, ast.JoinedStr | ast.BinOp):
            yield from (name for one in _parts(value, node.id) for name in _secrets(view, one, scope))


def _parts(text: ast.expr, itself: str) -> Iterator[ast.expr]:
    """Yield what is put into a text, without the text that it was before."""
    values = text.values if isinstance(text, ast.JoinedStr) else [text]
    yield from (one for one in values if not any(isinstance(n, ast.Name) and n.id == itself for n in ast.walk(one)))


def _is_fact(name: str, scope: Scope) -> bool:
    """Tell what only says whether a secret is there: `has_key = bool(key)`."""
    bindings = scope.function.facts.bindings.get(name, ()) if scope.function else ()
    facts = [isinstance(one.value, ast.Compare) or called(one.value) in _MASKS for one in bindings]
    return bool(facts) and all(facts)


def _is_masked(view: View, node: ast.expr, scope: Scope) -> bool:
    """Tell a value of a type that shows itself masked."""
    if not isinstance(node, ast.Attribute):
        return False
    owner = view.value(node.value, scope)
    of = owner.of if isinstance(owner, Instance) else None
    fields = view.fields.of(of) if of is not None and hasattr(of, "attributes") else {}  # pyright: ignore[reportArgumentType]
    return node.attr in fields and "Secret" in fields[node.attr].written_type


def _of_schema(view: View, node: ast.expr, scope: Scope) -> Iterator[str]:
    """Yield a secret that a schema shows when the whole of it is logged."""
    value = view.value(node, scope)
    if isinstance(value, Instance) and (view.fields.is_schema(value) or _is_shown(view, value)):
        for field in view.fields.of(value.of).values():  # pyright: ignore[reportArgumentType] - a schema is a class
            if _is_named_secret(field.name) and "Secret" not in field.written_type:
                yield field.name
                return


def _is_shown(view: View, value: Instance) -> bool:
    """Tell settings, a dataclass and a row of SQLModel: they show all that is in them."""
    if not isinstance(value.of, Class) or {"__repr__", "__str__"} & value.of.methods.keys():
        return False
    decorators = (called(one) or last_name(one) for one in value.of.node.decorator_list)
    return "dataclass" in decorators or view.evaluator.classes.inherits(
        value.of, lambda path: path.endswith("BaseSettings") or path.startswith("sqlmodel.")
    )


def _is_named_secret(name: str) -> bool:
    parts = words(name)
    is_one = is_password(name) if is_hash(name) else is_secret(name)
    return is_one or parts in _TOKENS + _TOKENS_TOO or (parts[-2:] in _ENDINGS and not _QUESTIONS & set(parts[:1]))
