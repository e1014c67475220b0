"""One more Alembic revision, written as those before it are."""

from __future__ import annotations

import ast
import configparser
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from fastwright.changes import AddFile, Operation
from fastwright.project.source import Function, assigned
from fastwright.recipes._code.formatting import Formatting
from fastwright.recipes._recipe import Known, Refusal

_INDENT = "    "


@dataclass(frozen=True)
class Revision:
    """A revision that is there."""

    path: PurePosixPath
    id: str
    down: tuple[str, ...]
    tree: ast.Module
    text: str


@dataclass(frozen=True)
class History:
    """The revisions of a project. `last` is the one that nothing builds on, if there is any."""

    folder: PurePosixPath
    last: Revision | None

    def next(
        self, summary: str, upgrade: str, downgrade: str, formatting: Formatting, imports: tuple[str, ...] = ()
    ) -> AddFile:
        """Return a revision after the last one."""
        new = _next_id(self.last, f"{summary}{upgrade}")
        text = _text(self.last, new, summary, (upgrade, downgrade), imports)
        path = self.folder / f"{_stem(self.last, new, summary)}.py"
        return AddFile(path=str(path), content=formatting.formatted(text, whole=False))


def history(known: Known) -> History | Refusal | None:
    """Return the revisions, nothing if there is no Alembic, or why no revision can follow."""
    ini = known.project.conventions.alembic
    if ini is None:
        return None
    folder = _folder(known.source.root, PurePosixPath(ini))
    revisions = list(_revisions(known.source.root, folder)) if folder is not None else []
    if folder is None:
        return Refusal(
            reason=f"{ini} does not say where its revisions are", hint="set script_location in it, then ask again"
        )
    built_on = {down for revision in revisions for down in revision.down}
    heads = [revision for revision in revisions if revision.id not in built_on]
    if len(heads) > 1:
        listed = ", ".join(revision.id for revision in heads)
        return Refusal(
            reason=f"the migrations have several heads: {listed}", hint="join them first: alembic merge heads"
        )
    return History(folder, heads[0] if heads else None)


def revision(
    known: Known, summary: str, upgrade: str, downgrade: str, formatting: Formatting
) -> list[Operation] | Refusal:
    """Return one more revision; nothing where there is no Alembic; or why none can be written."""
    found = history(known)
    if found is None or isinstance(found, Refusal):
        return found or []
    wanted = [one.table for one in known.project.models if one.table and re.search(rf'"{one.table}[".]', upgrade)]
    if wanted and found.last is None:
        return Refusal(
            reason=f"{found.folder} has no revision, so no migration makes the table {wanted[0]}, which this one needs",
            hint="write the first one: fastwright add migrations; then ask again",
        )
    return [found.next(summary, upgrade, downgrade, formatting)]


def _folder(root: Path, ini: PurePosixPath) -> PurePosixPath | None:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string((root / ini).read_text(encoding="utf-8"))
    except (OSError, configparser.Error, UnicodeDecodeError):
        return None
    location = parser.get("alembic", "script_location", fallback="").replace("%(here)s", ".").replace(":", "/")
    if not location:
        return None
    path = PurePosixPath(*(part for part in (ini.parent / location).parts if part != "."))
    return path / "versions" if (root / path).is_dir() else None


def _revisions(root: Path, folder: PurePosixPath) -> Iterator[Revision]:
    for file in sorted((root / folder).glob("*.py")):
        text = file.read_text(encoding="utf-8")
        tree = ast.parse(text)
        values = {
            target.id: node.value
            for node in tree.body
            for target in assigned(node)
            if isinstance(target, ast.Name) and isinstance(node, ast.Assign | ast.AnnAssign)
        }
        names = _texts(values.get("revision"))
        if names:
            yield Revision(folder / file.name, names[0], tuple(_texts(values.get("down_revision"))), tree, text)


def _texts(node: ast.expr | None) -> list[str]:
    found = [node] if isinstance(node, ast.Constant) else list(ast.walk(node)) if node is not None else []
    return [one.value for one in found if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def _next_id(last: Revision | None, content: str) -> str:
    """Return a number after the last one where they are numbered, else twelve hexadecimal digits."""
    if last is not None and last.id.isdigit() and len(last.id) < 8:
        return str(int(last.id) + 1).zfill(len(last.id))
    return hashlib.sha256(f"{last.id if last else ''}{content}".encode()).hexdigest()[:12]


def _stem(last: Revision | None, new: str, summary: str) -> str:
    slug = re.sub(r"\W+", "_", summary.lower()).strip("_")
    if last is not None and not last.path.stem.startswith(last.id) and re.match(r"\d{8}_", last.path.stem):
        return f"{datetime.now(UTC):%Y%m%d}_{slug}"
    return f"{new}_{slug}"


def _text(last: Revision | None, new: str, summary: str, bodies: tuple[str, str], imports: tuple[str, ...]) -> str:
    down = repr(last.id) if last else "None"
    lines = [f'"""{_purpose(last, new, summary)}"""', "", *_imports(last, imports), ""]
    lines += [f'revision = "{new}"', f"down_revision = {down}"]
    written = last.text if last else "branch_labels depends_on"
    lines += [f"{name} = None" for name in ("branch_labels", "depends_on") if name in written]
    returns = " -> None" if last is None or _is_typed(last) else ""
    for name, body in zip(("upgrade", "downgrade"), bodies, strict=True):
        lines += [
            "",
            "",
            f"def {name}(){returns}:",
            *(f"{_INDENT}{line}" if line else "" for line in body.splitlines()),
        ]
    return "\n".join([*lines, ""])


def _purpose(last: Revision | None, new: str, summary: str) -> str:
    """Return the docstring, with the lines that Alembic puts there if the last revision has kept them."""
    kept = ast.get_docstring(last.tree) or "" if last else "Revision ID Create Date"
    if "Revision ID" not in kept:
        return summary
    lines = [summary, "", f"Revision ID: {new}", f"Revises: {last.id if last else ''}"]
    if "Create Date" in kept:
        lines.append(f"Create Date: {datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}")
    return "\n".join([*lines, ""])


def _imports(last: Revision | None, more: tuple[str, ...]) -> list[str]:
    lines = ["import sqlalchemy as sa", *more, "from alembic import op"]
    if last is not None and last.text.find(lines[1]) < last.text.find(lines[0]):
        lines.reverse()
    return [*lines, ""]


def _is_typed(last: Revision) -> bool:
    functions = [node for node in last.tree.body if isinstance(node, Function) and node.name == "upgrade"]
    return any(node.returns is not None for node in functions)
