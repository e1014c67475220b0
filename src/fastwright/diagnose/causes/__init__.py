"""The causes that are known by name: one a file, found here by being here; a docstring is a page of documentation.

A cause looks at a scene, claims what it explains, and yields what it found. `RANK` is its turn: what is wrong with the
whole request comes before what is wrong with a value in it.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from types import ModuleType

from fastwright.diagnose.scene import Found, Scene


@cache
def modules() -> Sequence[ModuleType]:
    """Return the modules of all causes, in their turn."""
    names = sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_"))
    return sorted((import_module(f"{__name__}.{name}") for name in names), key=lambda module: module.RANK)


def name_of(module: ModuleType) -> str:
    """Return the name of a cause, which is that of its page."""
    return module.__name__.rpartition(".")[2].replace("_", "-")


def pages() -> dict[str, str]:
    """Return the documentation of every cause by its name."""
    return {name_of(module): inspect.getdoc(module) or "" for module in modules()}


def find(scene: Scene) -> Iterator[Found]:
    """Yield everything that is wrong with a request, or with the app that answered it."""
    for module in modules():
        for found in module.find(scene):
            if found.problem is not None and not found.problem.cause:
                yield found.named(name_of(module))
            else:
                yield found
        if scene.claimed:
            return
