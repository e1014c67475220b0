"""What a function does with its caller, read from its source: does it refuse, and for the sake of which role."""

from __future__ import annotations

import ast
import enum
import functools
import inspect
import re
import textwrap
from collections.abc import Iterator
from typing import Any

from fastwright.project.probe.places import unwrapped

_REFUSAL = re.compile(
    r"\b(40[13]|HTTP_40[13]_\w+|1008|WS_1008\w*)\b"
    r"|unauthori[sz]ed|unauthenticated|notauthenticated|forbidden|accessdenied|permissiondenied|notauthori[sz]ed"
    r"|credentials?_?(exception|error)|permission_?(error|exception)|auth\w*(exception|error)",
    re.IGNORECASE,
)
_READS = re.compile(r"\.(headers|cookies|session)\b|\[[\"'](headers|session)[\"']\]|\.(query_params)\b")
_ROLE_NAME = re.compile(r"role|perm|scope|privilege|group|claim", re.IGNORECASE)
# What a guard was given under such a name are roles if the guard is about roles.
_WANTED_NAME = re.compile(r"allow|requir|need|want|any_of|all_of|level|name", re.IGNORECASE)
# Flags of an account that say what state it is in, and not what its holder is.
_STATES = "active|activated|verified|authenticated|enabled|confirmed|valid|approved|anonymous|deleted|banned|locked"
_ROLE_FLAG = re.compile(rf"^is_(?!(?:{_STATES})$)(\w+)$|^(super_?user|admin)$")


@functools.lru_cache(maxsize=None)  # noqa: UP033 - as long as the probe lives, and that is short
def source(function: Any) -> str:
    """Return the source of a function, or nothing if it has none."""
    try:
        return textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        return ""


def body(call: Any) -> Any:
    """Return the function that runs when `call` is called."""
    inner = unwrapped(call)
    if inspect.isclass(inner):
        return inner.__init__
    return inner if inspect.isroutine(inner) else unwrapped(type(inner).__call__)


def refuses(call: Any) -> bool:
    """Tell whether its source names a refusal."""
    return bool(_REFUSAL.search(source(body(call))))


def raises(call: Any) -> bool:
    """Tell whether its source raises anything but that there are too many requests."""
    text = source(body(call))
    return "raise " in text and not re.search(r"429|too_?many|rate_?limit", text, re.IGNORECASE)


def reads_caller(call: Any) -> bool:
    """Tell whether its source looks into the headers, cookies or session of a request."""
    return bool(_READS.search(source(body(call))))


def roles(call: Any) -> list[str]:
    """Return the roles that a guard was given (`RoleChecker("admin")`) or asks for (`if not user.is_admin: raise`)."""
    text = source(body(call))
    about_roles = bool(_ROLE_NAME.search(text))
    given = [
        role
        for name, value in _given(call)
        if _ROLE_NAME.search(name) or (about_roles and _WANTED_NAME.search(name))
        for role in _texts(value)
    ]
    return list(dict.fromkeys(given or _asked(text)))


def arguments(call: Any) -> list[str]:
    """Return what an instance, a closure or a partial was given, for its name in the map."""
    return [text for _name, value in _given(call) for text in _texts(value)]


def _given(call: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(call, functools.partial):
        yield from call.keywords.items()
        names = list(inspect.signature(call.func).parameters)
        yield from zip(names, call.args)  # noqa: B905 - `strict` is newer than Python 3.9
    inner = unwrapped(call)
    if inspect.isfunction(inner):
        for name, cell in zip(inner.__code__.co_freevars, inner.__closure__ or ()):  # noqa: B905
            try:
                yield name, cell.cell_contents
            except ValueError:
                continue
    elif not inspect.isclass(inner) and not inspect.isroutine(inner):
        yield from getattr(inner, "__dict__", {}).items()


def _texts(value: Any) -> list[str]:
    if isinstance(value, enum.Enum):
        return [str(value.value)]
    if isinstance(value, str):
        return [value] if 0 < len(value) < 60 else []
    if isinstance(value, (list, tuple, set, frozenset)):
        texts = [text for item in list(value) for text in _texts(item)]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        return texts if isinstance(value, (list, tuple)) else sorted(texts)
    return []


def _asked(text: str) -> list[str]:
    """Return the roles in the conditions under which a function raises, where the condition is about a role alone."""
    try:
        tree = ast.parse(text) if text else ast.Module(body=[], type_ignores=[])
    except SyntaxError:
        return []
    functions = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    found: list[str] = []
    for statement in (statement for function in functions for statement in function.body):
        if isinstance(statement, ast.If) and any(isinstance(node, ast.Raise) for node in statement.body):
            found.extend(_role_of(statement.test))
        if any(isinstance(node, ast.Return) for node in ast.walk(statement)):
            break  # what comes later is not asked of everybody
    return found


def _role_of(test: ast.expr) -> list[str]:
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return [role for value in test.values for role in _role_of(value)]
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        name = _member(test.operand)
        return [name.removeprefix("is_")] if _ROLE_FLAG.match(name) else []
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.NotEq, ast.NotIn, ast.IsNot)):
        sides = [test.left, *test.comparators]
        if any(_ROLE_NAME.search(_member(side)) for side in sides):
            return [role for side in sides for role in _constants(side)]
    return []


def _member(node: ast.expr) -> str:
    """Return `is_admin` for `user.is_admin` and for `user["is_admin"]`."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return node.attr if isinstance(node, ast.Attribute) else ""


def _constants(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return [text for item in node.elts for text in _constants(item)]
    # `Role.ADMIN`, `Role.admin.value`: a member of an enum; `user.role` is what it is compared with.
    if isinstance(node, ast.Attribute):
        owner = node.value if node.attr == "value" else node
        if isinstance(owner, ast.Attribute) and isinstance(owner.value, ast.Name) and owner.value.id[:1].isupper():
            return [owner.attr.lower()]
    return []
