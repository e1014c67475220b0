"""How types are called in the map: as a person writes them, without the modules that they come from."""

from __future__ import annotations

import types
import typing
from typing import Any

_UNIONS: tuple[Any, ...] = (typing.Union, getattr(types, "UnionType", typing.Union))


def type_name(annotation: Any) -> str | None:
    """Return `list[Item]`, `Item | None` or `Page[Item]` for the type, and nothing for no type."""
    if annotation is None:
        return None
    return _name(annotation)


def _name(annotation: Any) -> str:
    if annotation is None or annotation is type(None):
        return "None"
    if hasattr(annotation, "__metadata__"):
        return _name(annotation.__origin__)
    origin: Any = typing.get_origin(annotation)
    if origin is None:
        return str(getattr(annotation, "__name__", None) or annotation).rpartition("~")[2]
    arguments: tuple[Any, ...] = typing.get_args(annotation)
    if origin in _UNIONS:
        return " | ".join(_name(argument) for argument in arguments)
    if origin is typing.Literal:
        return f"Literal[{', '.join(repr(argument) for argument in arguments)}]"
    shown = ", ".join("..." if argument is Ellipsis else _name(argument) for argument in arguments)
    return f"{getattr(origin, '__name__', origin)}[{shown}]"
