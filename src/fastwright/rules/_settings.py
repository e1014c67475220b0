"""`[tool.fastwright.check]` in `pyproject.toml`: which rules run, and where."""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError

from fastwright.design.model import Frozen
from fastwright.errors import InputError
from fastwright.rules import names

if TYPE_CHECKING:
    from fastwright.rules._engine.finding import Rule

CATEGORIES = ("contract", "access", "data", "errors")
# What people ask for; every rule is in one of them.
GROUPS = ("security", "performance", "correctness")
_SLOW = frozenset({"API4:2023", "CWE-1050", "CWE-1067", "CWE-400"})


class Settings(Frozen):
    """What a project says of its audit. `select` and `ignore` name rules or categories, `exclude` files.

    `per_path` takes rules away from the files that match a pattern.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    per_path: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]], alias="per-path")

    def excludes(self, path: str) -> bool:
        """Tell whether a file is left out: by a pattern, or by a directory above it."""
        return any(_matches(path, pattern) for pattern in self.exclude)

    def ignores(self, path: str, rule: str, category: str) -> bool:
        """Tell whether a rule does not hold for a file."""
        return any(
            _matches(path, pattern) and (rule in rules or category in rules) for pattern, rules in self.per_path.items()
        )


def read_settings(root: Path) -> Settings:
    """Return the settings of a project. Raises `InputError` if they cannot be understood."""
    file = root / "pyproject.toml"
    try:
        document: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"pyproject.toml cannot be read: {error}", hint="mend it, or run from elsewhere") from error
    table = document.get("tool", {}).get("fastwright", {}).get("check", {})
    try:
        return Settings.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise InputError(
            f"[tool.fastwright.check] {where}: {first['msg'].lower()}",
            hint="it knows select, ignore, exclude and per-path",
        ) from error


def chosen_rules(select: Iterable[str], ignore: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the rules that are to run. Raises `InputError` for one that does not exist."""
    wanted, unwanted = set(_checked(select)), set(_checked(ignore))
    return tuple(
        name
        for name in names()
        if (not wanted or wanted & _both(name, wanted)) and not unwanted & _both(name, unwanted)
    )


def _both(name: str, asked: set[str]) -> set[str]:
    """Return the name of a rule with its category and group, which are looked up only if one is asked for."""
    if not asked.intersection((*CATEGORIES, *GROUPS)):
        return {name}
    from fastwright.rules import load  # noqa: PLC0415 - loading a rule takes longer than reading its name

    rule = load(name).rule
    return {name, rule.category, _group(rule)}


def _group(rule: Rule) -> str:
    """Return what people call the kind of a rule, by the standards that it serves."""
    if rule.category == "access" or any(one.startswith("ASVS") for one in rule.standards):
        return "security"
    return "performance" if _SLOW.intersection(rule.standards) else "correctness"


def _checked(given: Iterable[str]) -> Iterable[str]:
    known = (*names(), *CATEGORIES, *GROUPS)
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else "fastwright check --list names them all"
            raise InputError(f"there is no rule or category {name!r}", hint=hint)
        yield name


def _matches(path: str, pattern: str) -> bool:
    pattern = pattern.strip("/").removesuffix("/**")
    parents = [parent.as_posix() for parent in PurePosixPath(path).parents]
    return any(fnmatch.fnmatch(one, pattern) for one in (path, *parents))
