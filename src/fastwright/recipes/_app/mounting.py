"""Where an app includes its routers, and which path what is included there gets."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastwright.project.locate import keyword
from fastwright.project.names import Symbol
from fastwright.project.source import Function, called
from fastwright.recipes._recipe import Known
from fastwright.recipes._routes import Include, Routes

# Steps of a path that say nothing of a subject.
API_STEPS = re.compile(r"(/(api|rest|v\d+))*")
# A loop over routers counts as several.
_LOOP = 3


@dataclass(frozen=True)
class Mounting:
    """`target` is the app, a router, or the function that makes the app; `prefix` comes before what it includes.

    `given` is the prefix with which each of its routers is included, such as `/api/v1`, if all of them are. `module` is
    the package from which the file takes its routers as modules (`users.router`), if it does so.
    """

    file: str
    target: str
    prefix: str
    is_app: bool
    module: str = ""
    given: str = ""


@dataclass(frozen=True)
class _Owner:
    """What `include_router` is called on: a variable of a module, or one inside a function."""

    file: str
    name: str
    function: str
    symbol: Symbol | None


def mounting(known: Known, routes: Routes) -> Mounting | None:
    """Return the open place with the most routers, or the app itself; nothing if the app cannot be found."""
    found = {owner: includes for owner, includes in _by_owner(known, routes).items() if _is_open(known, routes, owner)}
    for owner in sorted(found, key=lambda owner: -_weight(found[owner])):
        prefix = _prefix(known, routes, owner, found[owner])
        if prefix is not None:
            target = owner.function or owner.name
            module = _module_style(known, owner.file, found[owner])
            given = _given(known, found[owner])
            return Mounting(owner.file, target, prefix, _is_app(known, owner), module, given)
    return _the_app(known)


def _the_app(known: Known) -> Mounting | None:
    app = known.project.app
    _module, _colon, attribute = app.entry.partition(":")
    name = attribute.removesuffix("()").split(".")[0]
    if app.file is None or app.file not in known.source.files:
        return None
    return Mounting(app.file, name, "", is_app=True)


def _by_owner(known: Known, routes: Routes) -> dict[_Owner, list[Include]]:
    """Return the includes of each owner, those of mounted apps left out."""
    found: dict[_Owner, list[Include]] = {}
    for include in routes.includes:
        call, function = _call(known, include)
        if call is None or not isinstance(call.func, ast.Attribute) or not isinstance(call.func.value, ast.Name):
            continue
        name = call.func.value.id
        # In a factory, `app` is the one that is made there, although the module may call what it returns the same.
        symbol = None if _is_local(known, include.file, function, name) else include.owner
        owner = _Owner(include.file, name, function if symbol is None else "", symbol)
        found.setdefault(owner, []).append(include)
    return found


def _is_local(known: Known, file: str, function: str, name: str) -> bool:
    """Tell whether a name is bound in a function, by a parameter or by an assignment."""
    return any(
        isinstance(node, Function)
        and node.name == function
        and any(
            (isinstance(one, ast.arg) and one.arg == name)
            or (isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Store))
            for one in ast.walk(node)
        )
        for node in known.source.files[file].nodes
    )


def _call(known: Known, include: Include) -> tuple[ast.Call | None, str]:
    """Return the call of an include, and the function that it is in."""
    for function, node in _calls(known.source.files[include.file].tree, ""):
        if called(node) == "include_router" and node.lineno == include.line:
            return node, function
    return None, ""


def _calls(node: ast.AST, function: str) -> Iterator[tuple[str, ast.Call]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield function, child
        inner = child.name if isinstance(child, Function) else function
        yield from _calls(child, inner)


def _weight(includes: Sequence[Include]) -> int:
    return sum(_LOOP if include.target is None else 1 for include in includes)


def _is_app(known: Known, owner: _Owner) -> bool:
    if owner.symbol is None:
        return True
    value = known.names.value(owner.symbol)
    return not (isinstance(value, ast.Call) and called(value) == "APIRouter")


def _is_open(known: Known, routes: Routes, owner: _Owner) -> bool:
    """Tell whether nothing above closes what is included, and whether it is a part of the app that was read."""
    if owner.symbol is None:
        return owner.file == known.project.app.file
    value = known.names.value(owner.symbol)
    if isinstance(value, ast.Call) and keyword(value, "dependencies") is not None:
        return False
    if _is_app(known, owner):
        return owner.file == known.project.app.file
    above = routes.included(owner.symbol)
    if len(above) != 1 or above[0].owner is None:
        return len(above) == 1
    call, _function = _call(known, above[0])
    if call is None or keyword(call, "dependencies") is not None:
        return False
    return _is_open(known, routes, _Owner(above[0].owner[0], above[0].owner[1], "", above[0].owner))


def _prefix(known: Known, routes: Routes, owner: _Owner, includes: Sequence[Include]) -> str | None:
    """Return what comes before the paths of what an owner includes, told by the endpoints that it has."""
    if _is_app(known, owner):
        return ""
    found = Counter(prefix for include in includes for prefix in _prefixes(known, routes, include))
    return found.most_common(1)[0][0] if found else None


def _prefixes(known: Known, routes: Routes, include: Include) -> Iterator[str]:
    if include.target is None:
        return
    own = _text(known, include.target[0], _keyword_of(known.names.value(include.target), "prefix"))
    call, _function = _call(known, include)
    given = _text(known, include.file, _keyword_of(call, "prefix"))
    if own is None or given is None:
        return
    for endpoint in known.project.endpoints:
        registration = routes.of(endpoint)
        if registration is not None and registration.owner == include.target and registration.path is not None:
            end = f"{given}{own}{registration.path}"
            if endpoint.path.endswith(end):
                yield endpoint.path.removesuffix(end)


def _keyword_of(node: ast.expr | None, name: str) -> ast.expr | None:
    return keyword(node, name) if isinstance(node, ast.Call) else None


def _text(known: Known, file: str, node: ast.expr | None) -> str | None:
    """Return a prefix that is written out, or a setting with a default; no prefix is an empty one."""
    if node is None:
        return ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return known.names.setting(file, node)


def _given(known: Known, includes: Sequence[Include]) -> str:
    """Return the prefix that every include names, if it is none of a single router."""
    calls = [call for include in includes if (call := _call(known, include)[0])]
    prefixes = {_text(known, known.project.app.file or "", _keyword_of(call, "prefix")) for call in calls}
    only = prefixes.pop() if len(prefixes) == 1 else None
    return only if only and API_STEPS.fullmatch(only) else ""


def _module_style(known: Known, file: str, includes: Sequence[Include]) -> str:
    """Return the package of `from package import users` where the routers are included as `users.router`."""
    for include in includes:
        call, _function = _call(known, include)
        routed = call.args[0] if call and call.args else None
        if isinstance(routed, ast.Attribute) and isinstance(routed.value, ast.Name):
            for node in known.source.files[file].tree.body:
                if isinstance(node, ast.ImportFrom) and any(
                    (alias.asname or alias.name) == routed.value.id for alias in node.names
                ):
                    return "." * node.level + (node.module or "")
    return ""
