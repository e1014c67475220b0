"""The recipes that there are, found in their folder: one capability a file."""

from __future__ import annotations

import difflib
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from fastwright.errors import InputError
from fastwright.recipes._recipe import AnyRecipe

_PACKAGE = __name__.rpartition(".")[0]
# What people ask for, and no recipe does: what can be done instead.
_INSTEAD = {
    "admin": "guard the endpoints of administrators: fastwright protect PATH --role ROLE",
    "api-versioning": "include the routers once more at another prefix by hand, then: fastwright prove",
    "background-tasks": "FastAPI has BackgroundTasks for what may be lost in a restart; then: fastwright prove",
    "email-verification": "fastwright new writes it into a new backend; there it can be read, and taken over",
    "file-upload": "FastAPI has UploadFile; set a size limit where it is read, then: fastwright prove",
    "filtering": "take an optional query parameter, and give it to where(), by hand; then: fastwright prove",
    "idempotency": "a unique column for the key of a request makes the second one a 409; then: fastwright prove",
    "password-reset": "fastwright new writes it into a new backend; there it can be read, and taken over",
    "soft-delete": "it changes what every query means: do it by hand, model by model, then: fastwright prove",
    "tests": "every recipe adds those of what it writes; for what is there, fastwright prove holds access and contract",
}


@cache
def recipes() -> Mapping[str, AnyRecipe]:
    """Return every recipe by its name, in the order of the names."""
    found = ((name, _recipe(name)) for name in _names())
    return {name: recipe for name, recipe in found if recipe is not None}


def recipe_named(capability: str) -> AnyRecipe:
    """Return a recipe. Raises `InputError` if there is none of this name, with what can be done instead."""
    name = capability.replace("_", "-").lower()
    recipe = _recipe(name) if name in _names() else None
    if recipe is not None:
        return recipe
    if name in _INSTEAD:
        raise InputError(f"there is no recipe for {name}", hint=_INSTEAD[name])
    near = difflib.get_close_matches(name, recipes(), n=3, cutoff=0.75)
    hint = f"did you mean {', '.join(near)}?" if near else f"there are {', '.join(recipes())}"
    raise InputError(f"{capability!r} is nothing that can be added", hint=hint)


@cache
def _names() -> tuple[str, ...]:
    modules = pkgutil.iter_modules(import_module(_PACKAGE).__path__)
    return tuple(sorted(one.name.replace("_", "-") for one in modules if not one.name.startswith("_")))


def _recipe(name: str) -> AnyRecipe | None:
    """Return the recipe of a module; `protect` is a verb of its own, and has none."""
    module = import_module(f"{_PACKAGE}.{name.replace('-', '_')}")
    recipe: AnyRecipe | None = getattr(module, "RECIPE", None)
    return recipe
