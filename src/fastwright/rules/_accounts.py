"""Users, their passwords, and who is calling: what several rules about access ask."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from fastwright.project.source import arguments, last_name
from fastwright.rules._engine.sql import is_sql
from fastwright.rules._engine.statements import SENDING
from fastwright.rules._rule import Called, Class, Function, Instance, Route, Scope, View, project_class
from fastwright.rules._words import is_author, is_hash, is_owner, is_password, is_plain_password, words

_CHECKS = frozenset(
    {"verify", "check", "checkpw", "compare", "match", "matches", "authenticate", "login", "good", "valid", "validate"}
    | {"correct"}
)
# What makes an object of a schema, and checks no password.
_READING = frozenset({"model_validate", "model_validate_json", "validate_python", "model_validate_strings"})
_RESETS = frozenset(
    {"reset", "forgot", "forgotten", "recover", "recovery", "register", "registration", "signup", "change"}
)
_SIGN_INS = frozenset({"login", "signin", "sign", "token", "tokens", "auth", "authenticate", "session", "sessions"})
_HASHERS = frozenset({"passlib", "bcrypt", "pwdlib", "argon2", "werkzeug", "libpass"})
# The app signs in elsewhere with a password of its own.
_ELSEWHERE = frozenset({"smtplib", "aiosmtplib", "imaplib", "aioimaplib", "poplib", "ftplib", "imap_tools"})
_TOKENS = frozenset({"token", "code", "otp", "key", "link", "ticket"})
# Codes that are no proof of anything: `zip_code`, `currency_code`.
_HARMLESS_CODES = frozenset(
    {"zip", "postal", "post", "postcode", "country", "area", "currency", "language", "lang", "locale", "promo"}
    | {"coupon", "discount", "status", "error", "color", "colour", "phone", "dial", "bar", "city", "region", "state"}
    | {"product"}
)
# What tables of people who sign in are called.
PEOPLE = frozenset({"users", "user", "accounts", "account", "customers", "customer", "members", "member"})
# A type of its own that hashes; and what is no text, such as the pin of a board.
_NO_TEXT = re.compile(r"Password|(?i:bool|int|date|float|numeric)")
# By function, since rules ask it again for every endpoint from which one is reached.
_COMPARED: WeakKeyDictionary[Function, list[ast.Compare]] = WeakKeyDictionary()
# Who works on something, and does not own it.
_WORKING = frozenset(
    {
        "assigned",
        "assignee",
        "assigner",
        "approved",
        "approver",
        "reviewed",
        "reviewer",
        "updated",
        "modified",
        "revoked",
    }
    | {"verified", "deleted", "closed", "resolved", "manager", "supervisor", "technician", "handled", "handler"}
)


def password_columns(view: View, model: Class) -> set[str]:
    """Return the columns that keep a password, hashed or not."""
    return {
        name
        for name, field in view.fields.columns(model).items()
        if is_password(name) and not _NO_TEXT.search(field.written_type)
    }


def checks_password(call: Called) -> bool:
    """Tell a call that holds a password against what is kept of it."""
    given = arguments(call.node)
    if call.name in _READING:
        return False
    if not set(words(call.name)) & _CHECKS:
        return not isinstance(call.value, Class) and _compares(given)
    package = call.path.partition(".")[0]
    if package in _ELSEWHERE:
        return False
    return package in _HASHERS or any(is_password(name) for one in given for name in names_in(one))


def _compares(given: list[ast.expr]) -> bool:
    """Tell whether one argument is a password as it was typed, and another what is kept of one."""
    named = [{name for name in names_in(one) if is_password(name)} for one in given]
    hashes = [any(is_hash(name) for name in one) for one in named]
    typed = [one for one, is_kept in zip(named, hashes, strict=True) if one and not is_kept]
    return len(typed) == 1 and any(hashes)


def compared_passwords(function: Function) -> Iterator[ast.Compare]:
    """Yield comparisons of a plain password with a kept one."""
    known = _COMPARED.get(function)
    if known is None:
        known = _COMPARED[function] = list(_compared(function))
    yield from known


def _compared(function: Function) -> Iterator[ast.Compare]:
    for node in function.nodes(ast.Compare):
        sides = [node.left, *node.comparators]
        named = [next((name for name in names_in(one) if is_password(name)), "") for one in sides]
        if len(sides) == 2 and all(named) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
            yield node


def is_login(view: View, route: Route) -> bool:
    """Tell an endpoint that takes a password from somebody who is not known yet, and checks it."""
    steps = set(words(route.path))
    if is_known(view, route) or route.function is None or steps & _RESETS:
        return False
    if route.method != "POST" and not steps & _SIGN_INS:
        return False
    return any(_checks_given(view, one) for one in view.calls(route, "endpoint")) or any(
        any(compared_passwords(one.function)) for one in view.reached(route, "endpoint")
    )


def _checks_given(view: View, call: Called) -> bool:
    """Tell a check of a password that came with the request, and not of a token or of a signature."""
    if not checks_password(call):
        return False
    given = arguments(call.node)
    del view
    return any(is_plain_password(name) for one in given for name in names_in(one)) or bool(
        set(words(call.name)) & {"password", "passwd", "checkpw", "pwd", "authenticate"}
    )


def is_known(view: View, route: Route) -> bool:
    """Tell whether callers of an endpoint have to show who they are, before its own code looks at anything."""
    del view
    return route.auth.required and route.auth.refused_by != "endpoint"


def owner_columns(view: View, model: Class, users: list[Class]) -> set[str]:
    """Return the columns of a model that say whose a row is: a foreign key to users, or one named so."""
    tables = {name for one in users for name in table_names(one)}
    found: set[str] = set()
    for name, field in view.fields.columns(model).items():
        target = foreign_key(field.value) or foreign_key(field.annotation)
        if target:
            table = target.split(".")[-2] if "." in target else target
            is_theirs = table in tables or (not tables and bool(PEOPLE & set(words(table))))
        else:
            is_theirs = (is_owner(name) or is_author(name)) and not _is_key(field.value)
        if is_theirs and not set(words(name)) & _WORKING:
            found.add(name)
    return found


def foreign_key(node: ast.expr | None) -> str:
    """Return what a column refers to, as `table.column` or `Model.column`."""
    for one in ast.walk(node) if node is not None else ():
        if isinstance(one, ast.Call):
            target = one.args[0] if last_name(one.func) == "ForeignKey" and one.args else None
            if isinstance(target, ast.Constant):
                return str(target.value)
            if isinstance(target, ast.Attribute):
                return ast.unparse(target)
            for option in one.keywords:
                if option.arg == "foreign_key" and isinstance(option.value, ast.Constant):
                    return str(option.value.value)
    return ""


def table_name(model: Class) -> str:
    value = model.attributes.get("__tablename__", (None, None))[1]
    return str(value.value) if isinstance(value, ast.Constant) else model.name.lower()


def table_names(model: Class) -> set[str]:
    """Return the names under which foreign keys may refer to a model.

    Where it does not name its table itself, a base does, in one of the usual ways.
    """
    if "__tablename__" in model.attributes:
        return {model.name, table_name(model)}
    parts = words(model.name)
    return {model.name} | {f"{joint.join(parts)}{end}" for joint in ("", "_") for end in ("", "s")}


def names_in(node: ast.AST) -> Iterator[str]:
    """Yield the names, attributes and keys that an expression mentions."""
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            yield one.id
        elif isinstance(one, ast.Attribute):
            yield one.attr
        elif (
            isinstance(one, ast.Subscript) and isinstance(one.slice, ast.Constant) and isinstance(one.slice.value, str)
        ):
            yield one.slice.value


def _is_key(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Call) and any(
        one.arg == "primary_key" and getattr(one.value, "value", False) is True for one in node.keywords
    )


def instance_model(view: View, node: ast.expr, function: Function) -> Class | None:
    """Return the model of which an expression is an object."""
    value = view.value(node, view.scope(function))
    return (
        value.of
        if isinstance(value, Instance) and isinstance(value.of, Class) and view.fields.is_model(value)
        else None
    )


def sql_text(view: View, node: ast.Call, scope: Scope) -> str:
    """Return the text of SQL that a call runs, by a method of a connection or a function that is handed it."""
    is_run = last_name(node.func) in SENDING
    for one in node.args[:2]:
        first = one.args[0] if isinstance(one, ast.Call) and one.args and last_name(one.func) == "text" else one
        if isinstance(first, ast.Constant | ast.JoinedStr) or (is_run and one is node.args[0]):
            text = view.statements.texts.of(first, scope)
            if is_sql(text):
                return text
    return ""


def takes_token(view: View, route: Route) -> bool:
    """Tell whether a token comes with the request: as a parameter, or as a field of the body."""
    for one in view.parameters.of(route):
        if _is_token(one.name) and one.source not in ("dependency", "special"):
            return True
        value = view.evaluator.types.annotated(one.type, one.scope)
        owner = project_class(value) if one.source == "body" and view.fields.is_schema(value) else None
        names = view.fields.columns(owner) if owner is not None else ()
        if any(_is_token(name) for name in names):
            return True
    return False


def _is_token(name: str) -> bool:
    return bool(set(words(name)) & _TOKENS) and not set(words(name)) & _HARMLESS_CODES
