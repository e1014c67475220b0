"""A new Alembic revision on top of those that there are, written the way the last one is."""

from __future__ import annotations

import ast
import configparser
import datetime as dt
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import cast

import libcst as cst

from fastwright.changes.editing.index import dotted
from fastwright.changes.outcome import Unfit
from fastwright.changes.tree import Tree

_KEPT = frozenset({"alembic", "sqlalchemy", "typing", "collections.abc", "__future__"})
_NAMES = frozenset({"revision", "down_revision", "branch_labels", "depends_on"})


@dataclass(frozen=True)
class Revision:
    """A revision that there is: its own id, and those that it follows."""

    path: str
    source: str
    id: str
    follows: frozenset[str]


@dataclass(frozen=True)
class NewRevision:
    """What a revision is to do: the lines of its two functions, and the day on which it is made."""

    message: str
    upgrade: Sequence[str]
    downgrade: Sequence[str]
    day: dt.date


def head(tree: Tree, ini: str) -> Revision:
    """Return the last revision of the migrations that `ini` configures. Raises `Unfit` unless there is just one."""
    directory = _versions(tree, ini)
    found = [_revision(tree, path) for path in tree.below(directory) if path.endswith(".py")]
    known = [revision for revision in found if revision is not None]
    followed = frozenset[str]().union(*(revision.follows for revision in known))
    heads = [revision for revision in known if revision.id not in followed]
    if len(heads) != 1:
        why = f"the migrations have {len(heads)} heads" if heads else "there is no migration yet"
        raise Unfit(directory, 0, why, "merge them first" if heads else "make the first one with Alembic")
    return heads[0]


def added(last: Revision, new: NewRevision) -> tuple[str, str]:
    """Return the path and the text of a new revision that follows the last one."""
    own = _next_id(last.id, new)
    path = PurePosixPath(last.path)
    name = _file_name(path.name, last.id, own, new)
    return str(path.with_name(name)), _written(last, own, new)


def _versions(tree: Tree, ini: str) -> str:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string((tree.read(ini) or b"").decode())
    location = parser.get("alembic", "script_location", fallback="alembic").replace("%(here)s", "").strip("/")
    directory = PurePosixPath(ini).parent / location / "versions"
    if not (tree.root / directory).is_dir():
        raise Unfit(ini, 0, f"there is no directory {directory}", "add the migration by hand")
    return str(directory)


def _revision(tree: Tree, path: str) -> Revision | None:
    source = (tree.read(path) or b"").decode()
    values: dict[str, object] = {}
    for node in ast.parse(source).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and target.id in _NAMES and isinstance(value, ast.expr):
            values[target.id] = _literal(value)
    own, down = values.get("revision"), values.get("down_revision")
    if not isinstance(own, str):
        return None
    follows = cast("Sequence[object]", down) if isinstance(down, tuple | list) else [down]
    return Revision(path, source, own, frozenset(one for one in follows if isinstance(one, str)))


def _literal(value: ast.expr) -> object:
    try:
        return ast.literal_eval(value)
    except ValueError:
        return None


def _next_id(last: str, new: NewRevision) -> str:
    """Return the next number where they are counted, and else a digest, as Alembic's own ids look like one."""
    if last.isdigit() and len(last) < 8:
        return f"{int(last) + 1:0{len(last)}}"
    digest = hashlib.sha256("\n".join([last, *new.upgrade]).encode()).hexdigest()
    return digest[: len(last) if re.fullmatch(r"[0-9a-f]{8,}", last) else 12]


def _file_name(last_name: str, last: str, own: str, new: NewRevision) -> str:
    slug = re.sub(r"\W+", "_", new.message.lower()).strip("_")[:40].rstrip("_")
    beginning, _line, _rest = last_name.partition("_")
    if re.fullmatch(r"\d{8}", beginning) and beginning != last:
        return f"{new.day:%Y%m%d}_{slug}.py"
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}.*|\d{4}_\d{2}_\d{2}.*", last_name):
        separator = last_name[4]
        return f"{new.day:%Y{separator}%m{separator}%d}_{own}_{slug}.py"
    return f"{own}_{slug}.py"


def _written(last: Revision, own: str, new: NewRevision) -> str:
    module = cst.parse_module(last.source)
    body = [part for statement in module.body if (part := _changed(statement, last, own, new)) is not None]
    return module.with_changes(body=body).code


def _changed(
    statement: cst.BaseStatement | cst.SimpleStatementLine, last: Revision, own: str, new: NewRevision
) -> cst.BaseStatement | cst.SimpleStatementLine | None:
    """Return what becomes of a statement of the last revision in the new one; helpers of its own are left out."""
    if isinstance(statement, cst.FunctionDef):
        lines = {"upgrade": new.upgrade, "downgrade": new.downgrade}.get(statement.name.value)
        return _doing(statement, lines) if lines is not None else None
    small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
    if isinstance(small, cst.Expr) and isinstance(small.value, cst.SimpleString):
        text = cst.SimpleString(_described(small.value.value, last, own, new))
        return statement.with_changes(body=[small.with_changes(value=text)])
    if isinstance(small, cst.Import | cst.ImportFrom) and _module(small) in _KEPT:
        return statement
    if isinstance(small, cst.Assign | cst.AnnAssign):
        return _assigned(cst.ensure_type(statement, cst.SimpleStatementLine), small, last, own)
    return None


def _doing(function: cst.FunctionDef, lines: Sequence[str]) -> cst.FunctionDef:
    """Return a function with a body of these lines, below the docstring that it has."""
    return function.with_changes(body=cst.IndentedBlock([*_docstring(function), *map(cst.parse_statement, lines)]))


def _assigned(
    statement: cst.SimpleStatementLine, small: cst.Assign | cst.AnnAssign, last: Revision, own: str
) -> cst.SimpleStatementLine | None:
    target = small.targets[0].target if isinstance(small, cst.Assign) else small.target
    name = dotted(target)
    if name not in _NAMES or small.value is None:
        return None
    quote = '"' if last.source.count('"') >= last.source.count("'") else "'"
    values = {"revision": f"{quote}{own}{quote}", "down_revision": f"{quote}{last.id}{quote}"}
    if name not in values:
        return statement
    return statement.with_changes(body=[small.with_changes(value=cst.SimpleString(values[name]))])


def _described(docstring: str, last: Revision, own: str, new: NewRevision) -> str:
    """Return the description of the last revision with the new one's facts."""
    quotes = docstring[:3]
    first, line, rest = docstring.strip(quotes[0]).partition("\n")
    lines = [f"{new.message}" if first.strip() else ""]
    for text in rest.split("\n") if line else []:
        changed = re.sub(r"^(\s*Revision ID: ).*", rf"\g<1>{own}", text)
        changed = re.sub(r"^(\s*Revises:).*", rf"\g<1> {last.id}", changed)
        changed = re.sub(r"^(\s*Create Date: ).*", rf"\g<1>{new.day:%Y-%m-%d} 00:00:00.000000", changed)
        lines.append(changed)
    return f"{quotes}{chr(10).join(lines)}{quotes}"


def _docstring(function: cst.FunctionDef) -> list[cst.BaseStatement]:
    first = function.body.body[0] if function.body.body else None
    if isinstance(first, cst.SimpleStatementLine):
        small = first.body[0]
        if isinstance(small, cst.Expr) and isinstance(small.value, cst.SimpleString):
            return [first]
    return []


def _module(node: cst.Import | cst.ImportFrom) -> str:
    if isinstance(node, cst.ImportFrom):
        return dotted(node.module) if node.module else ""
    return dotted(node.names[0].name)
