"""The rules of `check`, one a file, found in this folder; modules with an underscore are what they are made of."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from fastwright.changes import Change
    from fastwright.rules._engine.finding import Found, Rule
    from fastwright.rules._engine.view import View
    from fastwright.rules._page import Page

Find = Callable[["View"], "Iterator[Found]"]
Fix = Callable[["View", "Found"], "Change | None"]


@dataclass(frozen=True)
class Known:
    """A rule: its name, what is known of it, its page, and its functions."""

    name: str
    rule: Rule
    page: Page
    find: Find
    fix: Fix | None


@cache
def names() -> tuple[str, ...]:
    """Return the names of all rules, sorted; none of them is imported for it."""
    found = pkgutil.iter_modules(__path__)
    return tuple(sorted(one.name.replace("_", "-") for one in found if not one.name.startswith("_")))


@cache
def load(name: str) -> Known:
    """Return the rule with this name."""
    from fastwright.rules._page import Page  # noqa: PLC0415 - names() is asked for where nothing else is needed

    module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    return Known(
        name=name,
        rule=module.RULE,
        page=Page.read(module.__doc__ or ""),
        find=module.find,
        fix=cast("Fix | None", getattr(module, "fix", None)),
    )
