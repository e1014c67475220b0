"""From the location of a refused value (`body`, `items`, `0`, `price`) to the field of the project that refused it."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import os
import textwrap
import typing
from typing import Any

from fastwright.diagnose.guest.fields import Field, every_field, field_info, schema_of
from fastwright.project.probe.naming import type_name
from fastwright.project.probe.places import place, unwrapped

_PARTS = ("path", "query", "header", "cookie", "body")


class Locator:
    """Knows the parameters of one operation."""

    def __init__(self, root: str, view: Any) -> None:
        self._root = os.path.realpath(root) + os.sep
        dependant = getattr(view, "dependant", None)
        self._fields: list[Field] = list(every_field(dependant)) if dependant is not None else []
        self._view = view

    def locate(self, loc: list[Any]) -> dict[str, Any]:
        """Return `owner`, `name`, `file`, `line`, `code` and the JSON schema of what is at a location."""
        if loc[:1] == ["response"]:
            return self._answered(loc[1:])
        if not loc or loc[0] not in _PARTS:
            return {"at": None, "schema": None}
        fields = [field for field in self._fields if field.part == loc[0]]
        rest = list(loc[1:])
        field, rest = self._start(fields, rest)
        if field is None:
            return {"at": None, "schema": None}
        step = _Step(field.info.annotation, field.info, field.owner, field.name)
        for key in rest:
            step = step.into(key)
        return {"at": self._at(step), "schema": schema_of(step.annotation, step.info)}

    def _answered(self, rest: list[Any]) -> dict[str, Any]:
        """Return the same for a location in the answer."""
        step = _Step(getattr(self._view, "response_model", None), None, None, "")
        for key in rest:
            step = step.into(key)
        return {"at": self._at(step) if step.owner else None, "schema": schema_of(step.annotation, step.info)}

    def _start(self, fields: list[Field], rest: list[Any]) -> tuple[Field | None, list[Any]]:
        for field in fields:
            if rest and rest[0] in (field.alias, field.name) and not (field.part == "body" and field.is_whole):
                return field, rest[1:]
        whole = [field for field in fields if field.is_whole]
        return (whole[0], rest) if whole else (fields[0] if len(fields) == 1 and not rest else None, rest)

    def _at(self, step: _Step) -> dict[str, Any]:
        found = _place_of(step.owner, step.name)
        file = found.get("file")
        own = bool(file) and os.path.realpath(str(file)).startswith(self._root)
        return {
            "owner": getattr(unwrapped(step.owner), "__name__", None) if step.owner is not None else None,
            "name": step.name,
            "type": type_name(step.annotation),
            "file": file if own else None,
            "line": found.get("line") if own else None,
            "code": found.get("code", "") if own else "",
            "required": bool(getattr(step.info, "is_required", lambda: True)()) if step.info is not None else True,
        }


@dataclasses.dataclass(frozen=True)
class _Step:
    """A type on the way into a value, and the last field of the project that was passed."""

    annotation: Any
    info: Any
    owner: Any
    name: str

    def into(self, key: Any) -> _Step:
        """Return what is below `key`; a key that is not part of the value, such as the tag of a union, is passed."""
        for kind in _alternatives(self.annotation):
            found = self._below(kind, key)
            if found is not None:
                return found
        return self

    def _below(self, kind: Any, key: Any) -> _Step | None:
        origin: Any = typing.get_origin(kind)
        arguments: tuple[Any, ...] = typing.get_args(kind)
        if isinstance(kind, type) and isinstance(key, str):
            info = field_info(kind, key)
            if info is not None:
                return _Step(info[1].annotation, info[1], _defining(kind, info[0]), info[0])
        if isinstance(key, int) and origin in (list, set, frozenset, tuple) and arguments:
            inner = arguments[min(key, len(arguments) - 1)]
            return _Step(arguments[0] if inner is Ellipsis else inner, None, self.owner, self.name)
        if origin is dict and len(arguments) == 2:
            return _Step(arguments[1], None, self.owner, self.name)
        if isinstance(kind, type) and key == kind.__name__:
            return _Step(kind, None, self.owner, self.name)
        return None


def _alternatives(annotation: Any) -> list[Any]:
    """Return the types that a value may have: the members of a union, without their metadata."""
    if hasattr(annotation, "__metadata__"):
        return _alternatives(annotation.__origin__)
    if type_name(annotation) and " | " in str(type_name(annotation)) and typing.get_args(annotation):
        return [kind for inner in typing.get_args(annotation) for kind in _alternatives(inner)]
    if isinstance(annotation, type) and getattr(annotation, "__pydantic_root_model__", False):
        return _alternatives(getattr(annotation, "model_fields")["root"].annotation)  # noqa: B009
    value = getattr(annotation, "__value__", None)  # `type Alias = …`
    return [annotation] if value is None else _alternatives(value)


def _defining(kind: type, name: str) -> type:
    """Return the class, of all that it inherits from, which declares a field."""
    return next((owner for owner in kind.__mro__ if owner is not object and name in _annotations(owner)), kind)


def _annotations(owner: type) -> Any:
    read: Any = getattr(inspect, "get_annotations", None)  # since Python 3.10; from 3.14 on, annotations are lazy
    try:
        return read(owner) if read else vars(owner).get("__annotations__", {})
    except NameError:
        return {}


def _place_of(owner: Any, name: str) -> dict[str, Any]:
    """Return the line on which a class or a function declares a field or a parameter."""
    if owner is None:
        return {}
    found = place(owner)
    function: Any = owner if inspect.isclass(owner) else unwrapped(owner)
    if not (inspect.isclass(function) or inspect.isroutine(function)):
        function = type(function).__call__
    try:
        lines, first = inspect.getsourcelines(function)
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, TypeError, SyntaxError):
        return {"file": found["file"], "line": found["line"]}
    for node in ast.walk(tree):
        if _declares(node, name):
            line: int = getattr(node, "lineno")  # noqa: B009 - not every node has one
            code = lines[line - 1].strip() if line <= len(lines) else ""
            return {"file": inspect.getsourcefile(function), "line": first + line - 1, "code": code.rstrip(",")}
    return {"file": inspect.getsourcefile(function), "line": first}


def _declares(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.AnnAssign):
        return isinstance(node.target, ast.Name) and node.target.id == name
    return isinstance(node, ast.arg) and node.arg == name
