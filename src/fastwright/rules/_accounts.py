"""Users, their passwords, and who is calling: what several rules about access ask."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from fastwright.project.source import last_name
from fastwright.rules._engine.guards import is_guard, scheme
from fastwright.rules._rule import Called, Class, Dependency, Function, Instance, Origin, Route, View, project_class
from fastwright.rules._words import is_author, is_hash, is_owner, is_password, is_plain_password, words

_CHECKS = frozenset({"verify", "check", "checkpw", "compare", "matches", "authenticate", "login"})
_RESETS = frozenset(
    {"reset", "forgot", "forgotten", "recover", "recovery", "register", "registration", "signup", "change"}
)
_SIGN_INS = frozenset({"login", "signin", "sign", "token", "tokens", "auth", "authenticate", "session", "sessions"})
_HASHERS = frozenset({"passlib", "bcrypt", "pwdlib", "argon2", "werkzeug", "libpass"})
# The app signs in elsewhere with a password of its own.
_ELSEWHERE = frozenset({"smtplib", "aiosmtplib", "imaplib", "aioimaplib", "poplib", "ftplib", "imap_tools"})
_TOKENS = frozenset({"token", "code", "otp", "key", "link", "ticket"})
_PEOPLE = frozenset({"users", "user", "accounts", "account", "customers", "customer", "members", "member"})
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
_RIGHTS: WeakKeyDictionary[View, frozenset[str]] = WeakKeyDictionary()
_FORBIDDEN = re.compile(r"403|forbidden|permission", re.IGNORECASE)
_POWERS = frozenset(
    {"admin", "superuser", "staff", "role", "roles", "permission", "permissions", "scope", "scopes", "moderator"}
    | {"superadmin", "manager", "privileged", "root", "operator", "internal"}
)


def password_columns(view: View, model: Class) -> set[str]:
    """Return the columns that keep a password, hashed or not."""
    return {
        name
        for name, field in view.fields.columns(model).items()
        if is_password(name) and "Password" not in field.written_type and "bool" not in field.written_type.lower()
    }


def checks_password(call: Called) -> bool:
    """Tell a call that holds a password against what is kept of it."""
    given = [*call.node.args, *(one.value for one in call.node.keywords)]
    if not set(words(call.name)) & _CHECKS:
        return _compares(given)
    package = call.path.partition(".")[0]
    if package in _ELSEWHERE:
        return False
    return package in _HASHERS or any(is_password(name) for one in given for name in names_in(one))


def _compares(given: list[ast.expr]) -> bool:
    """Tell whether one argument is a password as it was typed, and another what is kept of one."""
    named = [{name for name in names_in(one) if is_password(name)} for one in given]
    typed = [one for one in named if any(not is_hash(name) for name in one)]
    return len(typed) == 1 and any(is_hash(name) for one in named for name in one)


def rights(view: View) -> frozenset[str]:
    """Return the fields of users that guards look at before they refuse: whatever they are called, they are rights."""
    known = _RIGHTS.get(view)
    if known is None:
        known = _RIGHTS[view] = frozenset(name for one in view.functions for name in _refused_without(view, one))
    return known


def _refused_without(view: View, function: Function) -> Iterator[str]:
    for node, around in function.facts.raises:
        if not _FORBIDDEN.search(ast.unparse(node)):
            continue
        for test, _holds in around.branches[-1:]:
            for one in ast.walk(test):
                if isinstance(one, ast.Attribute) and words(one.attr)[-1:] not in (("id",), ("active",)):
                    model = instance_model(view, one.value, function)
                    if model is not None and one.attr in view.fields.columns(model) and password_columns(view, model):
                        yield one.attr


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
    given = [*call.node.args, *(one.value for one in call.node.keywords)]
    del view
    return any(is_plain_password(name) for one in given for name in names_in(one)) or bool(
        set(words(call.name)) & {"password", "passwd", "checkpw", "pwd", "authenticate"}
    )


def is_known(view: View, route: Route) -> bool:
    """Tell whether callers of an endpoint have to show who they are."""
    del view
    return route.endpoint.auth.required


def is_restricted(view: View, route: Route) -> bool:
    """Tell whether an endpoint is for those with a role or a permission, by its guards or by a check in its body."""
    if route.endpoint.auth.roles:
        return True
    guards = [one.shown for one in route.endpoint.auth.guards]
    named = [*guards, *(ast.unparse(one.target) for one in route.dependencies if one.target is not None)]
    functions = [one.function for one in route.dependencies if one.function is not None]
    named += [function.qualname for function in functions]
    if any(set(words(name)) & _POWERS for name in named):
        return True
    del guards
    powers = rights(view)
    return any(_checks_power(one.function, powers) for one in view.reached(route))


def _checks_power(function: Function, powers: frozenset[str]) -> bool:
    """Tell a function that raises, or answers otherwise, depending on a role."""
    tests = [*(node.test for node in function.nodes(ast.If)), *(node.test for node in function.nodes(ast.IfExp))]
    return any(set(words(name)) & _POWERS or name in powers for test in tests for name in names_in(test))


def callers(view: View, route: Route) -> list[Dependency]:
    """Return the dependencies that say who is calling: those with a scheme or a refusal below them."""
    return [one for one in route.dependencies if one.parameter and _tells_caller(view, one, 4)]


def _tells_caller(view: View, one: Dependency, depth: int) -> bool:
    if scheme(one) or is_guard(one):
        return True
    function = one.function
    if function is None or depth == 0:
        return False
    inner = view.depending.signature(function, view.scope(function))
    return any(_tells_caller(view, below, depth - 1) for below in inner)


def is_caller(view: View, route: Route, origin: Origin) -> bool:
    """Tell a value that comes from who is calling: from a guard, or from what the app keeps on the request."""
    known = {(id(one.owner), one.parameter) for one in callers(view, route)}
    for root in origin.roots:
        if root.kind == "parameter" and (id(root.function), root.name) in known:
            return True
        if root.kind == "call" and any(is_caller(view, route, one) for one in root.parents):
            return True
        text = ast.unparse(root.node) if isinstance(root.node, ast.expr) else ""
        if any(word in text for word in ("request.state", "request.user", "request.session", "decode(")):
            return True
    return False


def user_models(view: View, route: Route) -> list[Class]:
    """Return the models of those who call: what the guards of an endpoint give."""
    found: list[Class] = []
    for one in callers(view, route):
        function = one.owner
        if function is None or one.parameter not in function.parameters:
            continue
        given = project_class(view.evaluator.types.parameter(function, one.parameter, view.scope(function)))
        if given is not None and given not in found:
            found.append(given)
    return found


def owner_columns(view: View, model: Class, users: list[Class]) -> set[str]:
    """Return the columns of a model that say whose a row is: a foreign key to users, or one named so."""
    tables = {table_name(one) for one in users}
    found: set[str] = set()
    for name, field in view.fields.columns(model).items():
        target = foreign_key(field.value) or foreign_key(field.annotation)
        if target:
            table = target.split(".")[-2] if "." in target else target
            is_theirs = table in tables or (not tables and bool(_PEOPLE & set(words(table))))
        else:
            is_theirs = (is_owner(name) or is_author(name)) and not _is_key(field.value)
        if is_theirs and not set(words(name)) & _WORKING:
            found.add(name)
    return found


def foreign_key(node: ast.expr | None) -> str:
    """Return what a column refers to, as `table.column`."""
    for one in ast.walk(node) if node is not None else ():
        if isinstance(one, ast.Call):
            name = last_name(one.func)
            if name == "ForeignKey" and one.args and isinstance(one.args[0], ast.Constant):
                return str(one.args[0].value)
            for option in one.keywords:
                if option.arg == "foreign_key" and isinstance(option.value, ast.Constant):
                    return str(option.value.value)
    return ""


def table_name(model: Class) -> str:
    value = model.attributes.get("__tablename__", (None, None))[1]
    return str(value.value) if isinstance(value, ast.Constant) else model.name.lower()


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


def takes_token(view: View, route: Route) -> bool:
    """Tell whether a token comes with the request: as a parameter, or as a field of the body."""
    for one in view.parameters.of(route):
        if set(words(one.name)) & _TOKENS and one.source not in ("dependency", "special"):
            return True
        value = view.evaluator.types.annotated(one.type, one.scope)
        owner = project_class(value) if one.source == "body" and view.fields.is_schema(value) else None
        names = view.fields.columns(owner) if owner is not None else ()
        if any(set(words(name)) & _TOKENS for name in names):
            return True
    return False
