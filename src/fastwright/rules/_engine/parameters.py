"""What callers can send: the parameters of endpoints and dependencies, and where each comes from in a request."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from fastwright.project.source import last_name
from fastwright.rules._engine.endpoints import Route
from fastwright.rules._engine.evaluating import Evaluator
from fastwright.rules._engine.fields import Field, Fields
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.modules import Class
from fastwright.rules._engine.values import External, Instance, Scope, library

Source = Literal["path", "query", "header", "cookie", "body", "form", "file", "dependency", "special"]
_MARKERS: dict[str, Source] = {
    "Path": "path",
    "Query": "query",
    "Header": "header",
    "Cookie": "cookie",
    "Body": "body",
    "Form": "form",
    "File": "file",
    "Depends": "dependency",
    "Security": "dependency",
}
_SPECIAL = frozenset(
    {"Request", "Response", "WebSocket", "BackgroundTasks", "SecurityScopes", "HTTPConnection", "Self"}
)
_BODIES = frozenset({"builtins.dict", "typing.Dict", "typing.Any", "typing.Mapping", "collections.abc.Mapping"})


@dataclass(frozen=True, eq=False)
class Parameter:
    """A parameter that is filled from the request. `marker` is its `Query(…)`, `Body(…)` and so on."""

    name: str
    source: Source
    function: Function
    node: ast.arg
    marker: ast.Call | None
    type: ast.expr | None
    scope: Scope

    def option(self, name: str) -> ast.expr | None:
        """Return a keyword argument of the marker."""
        return next((one.value for one in self.marker.keywords if one.arg == name), None) if self.marker else None


class Parameters:
    """Reads parameters for the rules."""

    def __init__(self, evaluator: Evaluator, fields: Fields) -> None:
        self._evaluator = evaluator
        self._fields = fields
        self._known: dict[tuple[int, str, bool], Parameter] = {}

    def of(self, route: Route) -> Iterator[Parameter]:
        """Yield what a request to an endpoint fills: its own parameters, and those of what it depends on."""
        seen: set[int] = set()
        functions = [route.function, *(one.function for one in route.dependencies)]
        for function in functions:
            if function is not None and id(function) not in seen:
                seen.add(id(function))
                yield from self.own(route, function)

    def own(self, route: Route, function: Function) -> Iterator[Parameter]:
        """Yield the parameters of one function that runs for an endpoint."""
        in_path = set(re.findall(r"{(\w+)(?::\w+)?}", route.path))
        for name in function.parameters:
            yield self.read(function, name, in_path=name in in_path)

    def read(self, function: Function, name: str, *, in_path: bool) -> Parameter:
        """Return what a parameter is; `in_path` tells that the path has its name."""
        key = (id(function), name, in_path)
        if key not in self._known:
            self._known[key] = self._read(function, name, in_path=in_path)
        return self._known[key]

    def _read(self, function: Function, name: str, *, in_path: bool) -> Parameter:
        node = function.parameters[name]
        annotation, scope = self._alias(node.annotation, self._evaluator.scope(function))
        marker, kind = self._marker(self._evaluator.types.default(function, name)[0]), annotation
        if isinstance(annotation, ast.Subscript) and last_name(annotation.value) == "Annotated":
            parts = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
            kind = parts[0]
            marker = marker or next((found for part in parts[1:] if (found := self._marker(part))), None)
        source = self._source(marker, kind, scope, in_path=in_path)
        return Parameter(name, source, function, node, marker, kind, scope)

    def bounded(self, one: Parameter) -> bool:
        """Tell whether a number has an upper bound where it is declared."""
        calls = [one.marker, *self._calls_in(one.node.annotation, self._evaluator.scope(one.function))]
        if any(_bounds(call) for call in calls if call is not None):
            return True
        return self.narrow(one.type, one.scope)

    def field_bounded(self, field: Field, scope: Scope) -> bool:
        calls = [field.call, *self._calls_in(field.annotation, scope)]
        return any(_bounds(call) for call in calls if call is not None) or self.narrow(field.annotation, scope)

    def narrow(self, kind: ast.expr | None, scope: Scope) -> bool:
        """Tell a type of few values: an enum, a `Literal`, a `conint(le=…)`."""
        if kind is None:
            return False
        if isinstance(kind, ast.Subscript) and last_name(kind.value) == "Literal":
            return True
        value = self._evaluator.types.annotated(kind, scope)
        if isinstance(value, Instance) and isinstance(value.of, Class):
            return self._evaluator.classes.inherits(value.of, lambda path: path.startswith("enum."))
        return False

    def _calls_in(self, annotation: ast.expr | None, scope: Scope) -> list[ast.Call]:
        found: list[ast.Call] = []
        node, where = annotation, scope
        for _ in range(4):
            if node is None:
                break
            found += [one for one in ast.walk(node) if isinstance(one, ast.Call)]
            if isinstance(node, ast.Subscript) and last_name(node.value) == "Annotated":
                first = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
                node = first
            further, where = self._evaluator.types.alias(node, where)
            if further is node and not isinstance(node, ast.Subscript):
                break
            node = further
        return found

    def _alias(self, annotation: ast.expr | None, scope: Scope) -> tuple[ast.expr | None, Scope]:
        node, where = annotation, scope
        for _ in range(3):
            if isinstance(node, ast.Name | ast.Attribute | ast.Constant):
                node, where = self._evaluator.types.alias(node, where)
        return node, where

    def _marker(self, node: ast.expr | None) -> ast.Call | None:
        return node if isinstance(node, ast.Call) and last_name(node.func) in _MARKERS else None

    def _source(self, marker: ast.Call | None, kind: ast.expr | None, scope: Scope, *, in_path: bool) -> Source:
        if marker is not None:
            return _MARKERS[last_name(marker.func)]
        value = self._evaluator.types.annotated(kind, scope)
        path = library(value)
        if path.rpartition(".")[2] in _SPECIAL:
            return "special"
        if in_path:
            return "path"
        if path.rpartition(".")[2] == "UploadFile":
            return "file"
        return "body" if self._is_body(value) else "query"

    def _is_body(self, value: object) -> bool:
        if not isinstance(value, Instance):
            return False
        if isinstance(value.of, External):
            is_list = value.of.last in ("list", "List", "Sequence", "set") and value.item is not None
            return value.of.name in _BODIES or (is_list and self._is_body(value.item))
        return self._fields.is_schema(value) or self._fields.is_model(value) or _is_typed_dict(self._evaluator, value)


def _is_typed_dict(evaluator: Evaluator, value: Instance) -> bool:
    return isinstance(value.of, Class) and (
        evaluator.classes.inherits(value.of, lambda path: path.endswith("TypedDict"))
        or any("dataclass" in ast.unparse(one) for one in value.of.node.decorator_list)
    )


def _bounds(call: ast.Call) -> bool:
    return any(one.arg in ("le", "lt") and not _is_none(one.value) for one in call.keywords)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
