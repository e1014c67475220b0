"""What an app knows of accounts: the model of its users, how it hashes their passwords, and how they come in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.project.model import Column, Endpoint, Model
from fastwright.project.names import Symbol
from fastwright.project.source import Function, last_name
from fastwright.recipes._app.tables import class_of
from fastwright.recipes._recipe import Known

_EMAIL = re.compile(r"^(e_?mail|email_address|mail)$", re.IGNORECASE)
_NAME = re.compile(r"^(user_?name|login|login_?name|nick_?name|handle|screen_?name)$", re.IGNORECASE)
_PASSWORD = re.compile(
    r"^(hashed_?password|password_?hash(ed)?|password_?digest|pw_?hash|pwd_?hash|hash(ed)?_?pw|hashed_pass|password)$",
    re.IGNORECASE,
)
_USER = re.compile(r"^(user|account|member|person|customer|reader|author|employee|profile)s?$", re.IGNORECASE)
_HASHING = re.compile(r"^(get_)?(hash(ed)?_?(password|pw|pwd)|password_hash|make_password)$")
_VERIFYING = re.compile(r"^(verify|check|matches|validate|compare)(_?(password|pw|pwd|password_hash|hash))?$")
_REGISTERING = re.compile(
    r"(^|_)(register|registrations?|sign_?up)(_|$)|^(users|accounts|members)$"
    r"|^(create|add|new|post)_(new_)?(user|account|member|customer)(_|$)|^(user|account|member)s?_(create|new|add)$"
)
_SIGNING_IN = re.compile(r"^(tokens?|access_token|sessions?)$|(^|_)(log_?in|sign_?in)(_|$)|^(issue_token|get_token)_")
# How far the bases of a class are followed.
_BASES = 4
# What somebody who has signed in is recognised by.
_KEPT = re.compile(r"token|jwt|cookie|session\[|\.session\b", re.IGNORECASE)
_LOGIN_FORMS = frozenset({"OAuth2PasswordRequestForm", "OAuth2PasswordRequestFormStrict", "password_form"})


@dataclass(frozen=True)
class Users:
    """The model of the users. `email`, `name` and `password` are attributes; `needed` are others without a default."""

    model: Model
    symbol: Symbol
    email: Column | None
    name: Column | None
    password: Column | None
    key: Column
    needed: tuple[Column, ...]


def users(known: Known) -> Users | None:
    """Return the model with passwords, or the one with addresses and a name that speaks of people."""
    models = [model for model in known.project.models if model.file and model.columns]
    with_password = [model for model in models if _named(model, _PASSWORD)]
    with_address = [model for model in models if _named(model, _EMAIL) and _USER.match(model.name)]
    found = sorted(with_password, key=lambda model: (_named(model, _EMAIL) is None, not _USER.match(model.name)))
    model = next(iter([*found, *with_address]), None)
    if model is None or model.file is None:
        return None
    key = next((column for column in model.columns if column.primary_key), model.columns[0])
    return Users(
        model=model,
        symbol=(model.file, model.name),
        email=_named(model, _EMAIL),
        name=_named(model, _NAME),
        password=_named(model, _PASSWORD),
        key=key,
        needed=tuple(_needed(known, model)),
    )


def _named(model: Model, pattern: re.Pattern[str]) -> Column | None:
    return next((column for column in model.columns if pattern.match(column.name)), None)


def _needed(known: Known, model: Model) -> Iterator[Column]:
    """Yield what a row cannot be without, and neither the database nor the model gives."""
    node = class_of(known, model)
    for column in model.columns:
        is_known = _EMAIL.match(column.name) or _PASSWORD.match(column.name) or column.nullable
        is_key = column.primary_key and column.type in ("INTEGER", "BIGINT") and not column.foreign_key
        if not is_known and not is_key and node is not None and not has_default(node, column.name):
            yield column


def has_default(node: ast.ClassDef, name: str) -> bool:
    """Tell whether a value is given where the column is written; what a mixin brings counts as given."""
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            target, value = statement.target.id, statement.value
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            target, value = statement.targets[0].id, statement.value
        else:
            continue
        if target == name:
            return _gives(value)
    return True


def _gives(value: ast.expr | None) -> bool:
    if value is None:
        return False
    if not isinstance(value, ast.Call):
        return True
    given = {keyword.arg for keyword in value.keywords}
    first = value.args[0] if value.args else None
    is_field = isinstance(value.func, ast.Name) and value.func.id == "Field"
    is_given = is_field and isinstance(first, ast.Constant) and first.value is not Ellipsis
    return is_given or bool(given & {"default", "default_factory", "server_default", "insert_default"})


def hashing(known: Known) -> Symbol | None:
    """Return the app's function from a password to its hash."""
    return _function(known, _HASHING, arguments=1)


def verifying(known: Known) -> Symbol | None:
    """Return the app's function that compares a password with a hash."""
    return _function(known, _VERIFYING, arguments=2)


def _function(known: Known, pattern: re.Pattern[str], arguments: int) -> Symbol | None:
    for file in known.source.own:
        for name, nodes in file.definitions.items():
            node = nodes[-1]
            if isinstance(node, ast.FunctionDef) and pattern.match(name) and _required(node) == arguments:
                return file.path, name
    return None


def _required(function: Function) -> int:
    return len(function.args.args) - len(function.args.defaults)


def registration(known: Known) -> Endpoint | None:
    """Return the endpoint at which strangers create their own account."""
    for endpoint in known.project.endpoints:
        if _is_open_post(endpoint) and (_speaks_of(endpoint, _REGISTERING)) and _takes_password(known, endpoint):
            return endpoint
    return None


def sign_in(known: Known) -> Endpoint | None:
    """Return the endpoint that gives credentials for a password."""
    for endpoint in known.project.endpoints:
        if not _is_open_post(endpoint):
            continue
        if _LOGIN_FORMS.intersection(endpoint.dependencies):
            return endpoint
        gives = _speaks_of(endpoint, _SIGNING_IN) and _takes_password(known, endpoint)
        if gives and (_is_recognised(known) or _gives_something(known, endpoint)):
            return endpoint
    return None


def _is_recognised(known: Known) -> bool:
    """Tell whether somebody who has signed in can do more than before."""
    return any(one.auth.guards or one.auth.schemes for one in known.project.endpoints)


def _gives_something(known: Known, endpoint: Endpoint) -> bool:
    """Tell whether the source of an endpoint speaks of what callers could show again; a package's does."""
    file = known.source.files.get(endpoint.file or "")
    nodes = file.definitions.get(endpoint.name, ()) if file else ()
    return not nodes or any(_KEPT.search(ast.unparse(node)) for node in nodes)


def _is_open_post(endpoint: Endpoint) -> bool:
    return endpoint.method == "POST" and endpoint.kind == "operation" and not endpoint.auth.required


def _speaks_of(endpoint: Endpoint, pattern: re.Pattern[str]) -> bool:
    steps = [step.replace("-", "_") for step in endpoint.path.lower().split("/") if step and not step.startswith("{")]
    return any(pattern.search(name) for name in (*steps[-1:], "_".join(steps[-2:]), endpoint.name))


def _takes_password(known: Known, endpoint: Endpoint) -> bool:
    """Tell whether the body has a field for a password."""
    if endpoint.file is None:
        return True  # it is a package's, and so is what it takes
    return any(
        "password" in field or field in ("pw", "pwd", "passphrase")
        for field in _fields(known, endpoint.request_model or "", _BASES)
    )


def _fields(known: Known, name: str, depth: int) -> Iterator[str]:
    """Yield the fields of a class, those of its bases too, and of the classes that its fields are of."""
    for node in (one for file in known.source.own for one in file.definitions.get(name, ())):
        if not isinstance(node, ast.ClassDef):
            continue
        below = [last_name(base) for base in node.bases]
        for inner in node.body:
            if isinstance(inner, ast.AnnAssign) and isinstance(inner.target, ast.Name):
                yield inner.target.id
                below += [last_name(one) for one in ast.walk(inner.annotation)]
        for other in dict.fromkeys(below) if depth else ():
            yield from _fields(known, other, depth - 1)
