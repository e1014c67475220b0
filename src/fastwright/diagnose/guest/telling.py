"""Exceptions as data: what was raised, where in the project, and what each refused value should have been."""

from __future__ import annotations

import linecache
import os
import traceback
from collections.abc import Iterator
from types import FrameType
from typing import Any

from fastwright.diagnose.guest.conditions import conditions
from fastwright.diagnose.guest.locating import Locator
from fastwright.diagnose.guest.plain import plain
from fastwright.project.probe.foreign import foreign
from fastwright.project.probe.places import place

_LONGEST = 2_000


class Teller:
    """Tells of exceptions, with the places of the project that they come from."""

    def __init__(self, root: str, locator: Locator) -> None:
        self._root = os.path.realpath(root) + os.sep
        self._locator = locator

    def exception(self, error: BaseException, trace: Any) -> dict[str, Any]:
        """Return the kind, the message, the project's frames and, for validation, each refused value."""
        found: dict[str, Any] = {
            "kind": type(error).__name__,
            "module": type(error).__module__,
            "bases": [base.__name__ for base in type(error).__mro__[1:-2]],
            "message": _text(error),
            "status": _status(error),
            "detail": plain(getattr(error, "detail", None)),
            "frames": self.frames(trace),
            "cause": _cause(error),
            "errors": [],
            **conditions(trace, self._root),
        }
        if type(error).__name__ in ("RequestValidationError", "ResponseValidationError", "ValidationError"):
            found["errors"] = [self._refused(one) for one in _errors(error)]
        if type(error).__name__ == "ValidationError":
            found["model"] = self._model(getattr(error, "title", None))
        return found

    def _model(self, name: Any) -> dict[str, Any] | None:
        """Return where the model of the project is that has a name, if there is just one."""
        known = list(_below(foreign("pydantic").BaseModel))
        found = [place(one) for one in known if one.__name__ == name]
        own = [one for one in found if one["file"] and self._is_own(one["file"])]
        return {"name": name, **own[0]} if len(own) == 1 else None

    def frames(self, trace: Any) -> list[dict[str, Any]]:
        """Return the lines of the project that the exception passed, the one that raised it last."""
        frames: list[dict[str, Any]] = []
        for frame, line in traceback.walk_tb(trace):
            file = frame.f_code.co_filename
            if self._is_own(file):
                code = linecache.getline(file, line).strip()
                frames.append({"file": file, "line": line, "name": _name(frame), "code": code})
        return frames

    def _is_own(self, file: str) -> bool:
        real = os.path.realpath(file)
        return real.startswith(self._root) and "site-packages" not in real and os.path.isfile(real)  # noqa: PTH113

    def _refused(self, error: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = dict(error.get("ctx") or {})
        raised = context.get("error")
        return {
            "type": str(error.get("type", "")),
            "loc": list(error.get("loc", ())),
            "msg": str(error.get("msg", "")),
            "input": plain(error.get("input")),
            "ctx": {name: plain(value) for name, value in context.items()},
            "raised": self.frames(raised.__traceback__) if isinstance(raised, BaseException) else [],
            **(conditions(raised.__traceback__, self._root) if isinstance(raised, BaseException) else {}),
            **self._locator.locate(list(error.get("loc", ()))),
        }


def _name(frame: FrameType) -> str:
    """Return what people call a function: one by which an instance is called is called as its class is."""
    name = frame.f_code.co_name
    return type(frame.f_locals["self"]).__name__ if name == "__call__" and "self" in frame.f_locals else name


def _below(kind: Any) -> Iterator[Any]:
    """Yield every class that inherits from one."""
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _errors(error: Any) -> list[dict[str, Any]]:
    try:
        return list(error.errors())
    except Exception:  # noqa: BLE001 - an app may raise one that it made by itself
        return []


def _text(error: BaseException) -> str:
    return str(error)[:_LONGEST]


def _status(error: BaseException) -> int | None:
    status: Any = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def _cause(error: BaseException) -> str:
    below = error.__cause__ or error.__context__
    return f"{type(below).__name__}: {below}"[:_LONGEST] if below else ""
