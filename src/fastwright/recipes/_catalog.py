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
    "admin": "guard what administrators may do: fastwright protect PATH --role ROLE; sqladmin gives pages for tables",
    "api-versioning": 'include the routers once more with prefix="/v2", change them there, then: fastwright prove',
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
