"""Find what makes a function an endpoint: its route decorators, or calls that add it to a router."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from fastwright.changes.editing.dependencies import keyword
from fastwright.changes.editing.document import Document
from fastwright.changes.editing.index import CallSite, FunctionSite, dotted

_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_DECORATORS = _METHODS | {"api_route", "websocket"}
_ADDING = frozenset({"add_api_route", "add_api_websocket_route"})


def routes(document: Document, site: FunctionSite, path: str, method: str) -> list[cst.Call]:
    """Return the calls that make a function an endpoint: all of them, or those of a path and a method."""
    found = [*_decorators(site), *_added(document, site)]
    return [call for call in found if _has_path(document, call, path) and _has_method(document, call, method)]


def _decorators(site: FunctionSite) -> Iterator[cst.Call]:
    for decorator in site.node.decorators:
        call = decorator.decorator
        if isinstance(call, cst.Call) and _last(call) in _DECORATORS and _is_route(call):
            yield call


def _added(document: Document, site: FunctionSite) -> Iterator[cst.Call]:
    for call in document.index.calls:
        if call.callee.rpartition(".")[2] in _ADDING and _endpoint(call) == _name_at(site, call):
            yield call.node


def _name_at(site: FunctionSite, call: CallSite) -> str:
    """Return the name of a function where a call is: `self.read` in the methods of its class."""
    owner, _dot, name = site.name.rpartition(".")
    around = ".".join(scope.name.value for scope in call.scopes)
    if owner and not (around == owner and call.in_function):
        return f"{_first_argument(call)}.{name}" if around.startswith(f"{owner}.") else site.name
    return name


def _first_argument(call: CallSite) -> str:
    inner = call.scopes[-1]
    parameters = inner.params.params if isinstance(inner, cst.FunctionDef) else ()
    return parameters[0].name.value if parameters else "self"


def _endpoint(call: CallSite) -> str:
    positional = [arg for arg in call.node.args if not arg.star and not arg.keyword]
    named = keyword(call.node, "endpoint")
    value = positional[1].value if len(positional) > 1 else named.value if named else None
    return dotted(value) if value is not None else ""


def _last(call: cst.Call) -> str:
    return call.func.attr.value if isinstance(call.func, cst.Attribute) else ""


def _path(call: cst.Call) -> cst.BaseExpression | None:
    named = keyword(call, "path")
    first = call.args[0] if call.args and not call.args[0].keyword and not call.args[0].star else None
    return named.value if named else first.value if first else None


def _is_route(call: cst.Call) -> bool:
    """Return whether this can be a route: other libraries have decorators of these names, too, but without a path."""
    value = _path(call)
    if isinstance(value, cst.SimpleString):
        text = value.evaluated_value
        return not text or str(text).startswith("/")
    return value is not None


def _has_path(document: Document, call: cst.Call, path: str) -> bool:
    value = _path(call)
    if not path:
        return True
    if isinstance(value, cst.SimpleString):
        return value.evaluated_value == path
    return value is not None and document.code(value) == path


def _has_method(document: Document, call: cst.Call, method: str) -> bool:
    last = _last(call)
    if not method or last == method.lower():
        return True
    named = keyword(call, "methods")
    return last not in _METHODS and named is not None and method.upper() in document.code(named.value).upper()
