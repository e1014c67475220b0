"""Where a new import goes: into the group that it belongs to, in the order that the author keeps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import libcst as cst

from fastwright.changes.editing.bound import module_of
from fastwright.changes.editing.imports import Need, alias_of
from fastwright.changes.editing.index import dotted
from fastwright.changes.editing.modules import Modules
from fastwright.changes.editing.names import Names

Key = tuple[int, str]
# For Ruff and Flake8, and for Pylint.
_EXCUSE = re.compile(r"# *(noqa(: *F401)?|pylint: *disable=unused-import)\b", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Anchor:
    """An import statement of the module that a new one can stand beside."""

    statement: cst.SimpleStatementLine
    top: int
    group: int
    key: Key


@dataclass(frozen=True, eq=False)
class Placed:
    """A new import: after a statement, before it, or, without one, at the beginning of the module.

    `is_apart` asks for a blank line between the new one and what it is beside.
    """

    line: cst.SimpleStatementLine
    group: int
    beside: cst.SimpleStatementLine | None
    is_before: bool = False
    is_apart: bool = False


def statements(needs: Sequence[Need], module: cst.Module, names: Names) -> list[Placed]:
    """Return the new statements for what no statement of the module can take, in the order in which to insert them."""
    modules = names.modules
    # What a star brings could hide a name that was imported above it.
    anchors = [anchor for anchor in _anchors(module, modules) if anchor.top >= names.star_top]
    wanted: dict[tuple[int, Key], list[Need]] = {}
    for need in needs:
        name = need.wanted.module
        key = _key(name, is_from=bool(need.wanted.name))
        single = f" {need.local}" if not need.wanted.name else ""
        wanted.setdefault((modules.group(name), (key[0], key[1] + single)), []).append(need)
    placed: list[Placed] = []
    for (group, key), together in sorted(wanted.items(), key=lambda item: item[0]):
        top = min(need.top for need in together)
        line = cst.SimpleStatementLine([_statement(together)])
        beside = _placed(line, group, key, [anchor for anchor in anchors if anchor.top < top], placed)
        if all(need.is_unused for need in together):
            beside = replace(beside, line=_excused(line, beside.beside))
        placed.append(replace(beside, is_before=beside.is_before and names.star_top < 0))
    return placed


def _excused(line: cst.SimpleStatementLine, beside: cst.SimpleStatementLine | None) -> cst.SimpleStatementLine:
    """Return an import that nothing uses with the comment by which the one beside it is allowed to be there."""
    trailing = beside.trailing_whitespace if beside else None
    excuse = _EXCUSE.match(trailing.comment.value) if trailing and trailing.comment else None
    if trailing is None or excuse is None:
        return line
    return line.with_changes(trailing_whitespace=trailing.with_changes(comment=cst.Comment(excuse[0])))


def _statement(needs: Sequence[Need]) -> cst.Import | cst.ImportFrom:
    wanted, local = needs[0].wanted, needs[0].local
    if not wanted.name:
        asname = cst.AsName(cst.Name(local)) if local != wanted.module else None
        return cst.Import([cst.ImportAlias(_dotted(wanted.module), asname)])
    name = wanted.module.lstrip(".")
    dots = [cst.Dot() for _ in range(len(wanted.module) - len(name))]
    aliases = [alias_of(need) for need in sorted(needs, key=lambda need: need.wanted.name)]
    return cst.ImportFrom(_dotted(name) if name else None, aliases, relative=dots)


def _dotted(name: str) -> cst.Name | cst.Attribute:
    owner, _dot, last = name.rpartition(".")
    return cst.Attribute(_dotted(owner), cst.Name(last)) if owner else cst.Name(last)


def _anchors(module: cst.Module, modules: Modules) -> list[Anchor]:
    found: list[Anchor] = []
    for top, statement in enumerate(module.body):
        if not isinstance(statement, cst.SimpleStatementLine):
            continue
        first = statement.body[0]
        if isinstance(first, cst.Import):
            name, is_from = dotted(first.names[0].name), False
        elif isinstance(first, cst.ImportFrom):
            name, is_from = module_of(first), True
        else:
            continue
        found.append(Anchor(statement, top, modules.group(name), _key(name, is_from=is_from)))
    return found


def _key(module: str, *, is_from: bool) -> Key:
    dots = len(module) - len(module.lstrip("."))
    return int(is_from), f"{9 - dots if dots else 0}{module.casefold()}"


def _placed(
    line: cst.SimpleStatementLine, group: int, key: Key, anchors: Sequence[Anchor], placed: Sequence[Placed]
) -> Placed:
    same = [anchor for anchor in anchors if anchor.group == group]
    if same:
        return _among(line, key, same)
    lower = [anchor for anchor in anchors if anchor.group < group]
    higher = [anchor for anchor in anchors if anchor.group > group]
    is_apart = not _is_dense(anchors) and not any(other.group == group for other in placed)
    if lower:
        return Placed(line, group, lower[-1].statement, is_apart=is_apart)
    if higher:
        return Placed(line, group, higher[0].statement, is_before=True, is_apart=is_apart)
    return Placed(line, group, None, is_apart=is_apart)


def _among(line: cst.SimpleStatementLine, key: Key, same: Sequence[Anchor]) -> Placed:
    keys = [anchor.key for anchor in same]
    first = same[0]
    at = len(same)
    if keys == sorted(keys):
        at = next((number for number, other in enumerate(keys) if other > key), at)
    # A comment above the first of a group is often the group's title: what is new goes below it.
    if at == 0 and not any(empty.comment for empty in first.statement.leading_lines):
        return Placed(line, first.group, first.statement, is_before=True)
    return Placed(line, first.group, same[max(at, 1) - 1].statement)


def _is_dense(anchors: Sequence[Anchor]) -> bool:
    """Return whether the author puts no blank lines between groups."""
    borders = [b for a, b in pairwise(anchors) if a.group != b.group]
    return bool(borders) and not any(border.statement.leading_lines for border in borders)
