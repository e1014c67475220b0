"""Imports are asked for while edits are planned, and settled once, when all that a file needs is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from fastwright.changes.editing.bound import module_of
from fastwright.changes.editing.index import Site
from fastwright.changes.editing.names import Names
from fastwright.changes.editing.sequences import inserted
from fastwright.changes.wanted import Import


@dataclass(frozen=True)
class Need:
    """An import that has to be added: `local` is the name that it gets, `top` the first statement that uses it.

    One that `is_unused` is wanted for its own sake.
    """

    wanted: Import
    origin: str
    local: str
    top: int
    statement: cst.ImportFrom | None
    is_unused: bool = False


class Imports:
    """The imports of one file: what is there already, and what was asked for."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self.needs: list[Need] = []

    def use(self, wanted: Import, site: Site) -> str:
        """Return the expression by which something can be used at a place, and note what that takes."""
        modules = self._names.modules
        origin = self.origin(wanted)
        for number, need in enumerate(self.needs):
            if need.origin == origin:
                self.needs[number] = replace(need, top=min(need.top, site.top))
                return need.local
        if wanted.name and modules.is_own(wanted.module, wanted.name):
            return wanted.name
        if found := self._names.usable(origin, site.top):
            return found.name
        statement = self._statement(modules.identity(wanted.module), site.top) if wanted.name else None
        if wanted.name and statement is None:
            module = self._names.usable(modules.identity(wanted.module), site.top)
            if module is not None:
                return f"{module.name}.{wanted.name}"
        local = self._free_name(wanted, origin, site)
        self.needs.append(Need(wanted, origin, local, site.top, statement))
        return local

    def require(self, wanted: Import, top: int) -> bool:
        """Note an import that is wanted for its own sake; return whether it is missing."""
        origin = self.origin(wanted)
        there = (b for b in self._names.bindings if b.runtime and (b.name, b.origin) == (wanted.local, origin))
        if next(there, None) or any((need.local, need.origin) == (wanted.local, origin) for need in self.needs):
            return False
        statement = self._statement(self._names.modules.identity(wanted.module), top) if wanted.name else None
        self.needs.append(Need(wanted, origin, wanted.local, top, statement, is_unused=True))
        return True

    def origin(self, wanted: Import) -> str:
        """Return the one name of what is wanted."""
        modules = self._names.modules
        return modules.member(wanted.module, wanted.name) if wanted.name else modules.identity(wanted.module)

    def is_local(self, name: str) -> bool:
        """Return whether a name will be there because an import of it was asked for."""
        return any(need.local.partition(".")[0] == name for need in self.needs)

    def _statement(self, identity: str, top: int) -> cst.ImportFrom | None:
        """Return an import from the same module that can take one more name."""
        names = self._names
        return next(
            (
                b.statement
                for b in names.bindings
                if b.statement
                and names.star_top <= b.top < top
                and names.modules.identity(module_of(b.statement)) == identity
            ),
            None,
        )

    def _free_name(self, wanted: Import, origin: str, site: Site) -> str:
        if not wanted.name and not wanted.alias:
            return wanted.module
        if not self._is_taken(wanted.local, origin, site):
            return wanted.local
        last = wanted.module.rpartition(".")[2] or "imported"
        base = (
            f"{last.title().replace('_', '')}{wanted.local}" if wanted.local[0].isupper() else f"{last}_{wanted.local}"
        )
        candidates = (base, *(f"{base}_{number}" for number in range(2, 100)))
        return next(name for name in candidates if not self._is_taken(name, origin, site))

    def _is_taken(self, name: str, origin: str, site: Site) -> bool:
        planned = any(need.local == name and need.origin != origin for need in self.needs)
        return planned or self._names.is_taken(name, origin, site)


def with_names(statement: cst.ImportFrom, needs: Sequence[Need]) -> cst.ImportFrom:
    """Return a `from ... import` that takes more names: in their order, if the author keeps one."""
    if isinstance(statement.names, cst.ImportStar):
        return statement
    items: list[cst.ImportAlias] = list(statement.names)
    opening = statement.lpar.whitespace_after if statement.lpar else cst.SimpleWhitespace("")
    closing = statement.rpar.whitespace_before if statement.rpar else cst.SimpleWhitespace("")
    last = items[-1].comma
    if (
        statement.rpar
        and isinstance(last, cst.Comma)
        and isinstance(last.whitespace_after, cst.ParenthesizedWhitespace)
    ):
        closing = last.whitespace_after
        items[-1] = items[-1].with_changes(comma=last.with_changes(whitespace_after=cst.SimpleWhitespace("")))
    for need in needs:
        items, closing = inserted(items, alias_of(need), _place(items, need.wanted.name), opening, closing)
    rpar = statement.rpar.with_changes(whitespace_before=closing) if statement.rpar else None
    return statement.with_changes(names=items, rpar=rpar)


def alias_of(need: Need) -> cst.ImportAlias:
    """Return the name in an import, with its alias if it needs one."""
    name = need.wanted.name
    asname = cst.AsName(cst.Name(need.local)) if need.local != name else None
    return cst.ImportAlias(cst.Name(name), asname)


def _place(items: Sequence[cst.ImportAlias], name: str) -> int:
    names = [item.evaluated_name for item in items]
    keys: tuple[Callable[[str], tuple[int, str]], ...] = (_by_type, _by_type_and_code, _by_letter, _by_code)
    for key in keys:
        if names == sorted(names, key=key):
            return next((number for number, other in enumerate(names) if key(other) > key(name)), len(names))
    return len(names)


def _by_letter(name: str) -> tuple[int, str]:
    return 0, name.casefold()


def _by_code(name: str) -> tuple[int, str]:
    return 0, name


def _by_type(name: str) -> tuple[int, str]:
    """Order as isort and ruff do: constants, classes, the rest, each without regard to case."""
    return _by_type_and_code(name)[0], name.casefold()


def _by_type_and_code(name: str) -> tuple[int, str]:
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
    return kind, name
