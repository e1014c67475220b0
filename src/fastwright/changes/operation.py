"""What every operation can do, and how operations are found."""

from __future__ import annotations

import inspect
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class Operation(BaseModel, ABC):
    """One step of a change. Every subclass has a file of its own, and that file's name is its `kind`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str

    @abstractmethod
    def apply(self, root: Path) -> None:
        """Do it below `root`. Raises `InputError` where it does not fit what is there."""

    @abstractmethod
    def explain(self) -> str:
        """Return the operation as a sentence."""


@cache
def operation_kinds() -> Mapping[str, type[Operation]]:
    """Return every operation of this package by its kind."""
    package = __name__.rpartition(".")[0]
    modules = [
        import_module(f"{package}.{found.name}") for found in pkgutil.iter_modules(import_module(package).__path__)
    ]
    found = [kind for module in modules for _name, kind in inspect.getmembers(module, inspect.isclass)]
    return {
        kind.__module__.rpartition(".")[2]: kind
        for kind in found
        if issubclass(kind, Operation) and not inspect.isabstract(kind)
    }
