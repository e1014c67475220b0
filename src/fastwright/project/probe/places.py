"""Where a callable is written: its module, its qualified name, its file and line."""

from __future__ import annotations

import functools
import inspect
import os
import sys
from typing import Any


def unwrapped(call: Any) -> Any:
    """Return what a person wrote, below decorators and partials."""
    while True:
        inner: Any = inspect.unwrap(call) if callable(call) else call
        while type(inner) is functools.partial:
            inner = inner.func
        if inner is call:
            return call
        call = inner


def place(call: Any) -> dict[str, Any]:
    """Return the place of a function, a class, a method, or the class of a callable instance."""
    inner = unwrapped(call)
    is_named = inspect.isroutine(inner) or inspect.isclass(inner)
    owner: Any = inner
    if not is_named:
        owner = inner.__class__
    function: Any = inspect.unwrap(getattr(owner, "__func__", owner))
    code: Any = getattr(function, "__code__", None)
    module: Any = sys.modules.get(str(getattr(function, "__module__", "")))
    return {
        "module": getattr(function, "__module__", None),
        "qualname": getattr(function, "__qualname__", None),
        "file": code.co_filename if code else getattr(module, "__file__", None),
        "line": code.co_firstlineno if code else None,
    }


@functools.cache
def _directory(path: str) -> str:
    return os.path.realpath(path)


def really(file: str) -> str:
    """Return a file without the links in its path. Directories are looked at once: an app has thousands of modules."""
    directory, name = os.path.split(file)
    return os.path.realpath(file) if os.path.islink(file) else os.path.join(_directory(directory), name)  # noqa: PTH114, PTH118


class Variables:
    """The module-level variables of the project, by the identity of what they hold."""

    def __init__(self, root: str) -> None:
        self._root = os.path.realpath(root) + os.sep
        self._names: dict[int, list[dict[str, Any]]] = {}
        self.values: list[Any] = []
        for name, module in list(sys.modules.items()):
            file: Any = getattr(module, "__file__", None)
            if isinstance(file, str) and really(file).startswith(self._root):
                self._add(name, file, dict(vars(module)))

    def _add(self, module: str, file: str, variables: dict[str, Any]) -> None:
        for variable, value in variables.items():
            if not isinstance(value, (str, int, float, bool, type(None), type(sys))):
                entry = {"module": module, "qualname": variable, "file": file, "line": None}
                self._names.setdefault(id(value), []).append(entry)
                self.values.append(value)

    def names(self, value: Any) -> list[dict[str, Any]]:
        """Return every variable that holds `value`: where it was made, and where it was imported.

        What has the name that a `def` or `class` gave it is imported wherever that is not, which can be everywhere.
        """
        named = (getattr(value, "__module__", None), getattr(value, "__qualname__", None))
        return [
            one for one in self._names.get(id(value), []) if one["qualname"] != named[1] or one["module"] == named[0]
        ]
