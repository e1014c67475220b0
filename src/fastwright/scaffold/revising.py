"""The revision that an upgrade adds: what the migrations lack, in a form that rows which are there survive.

A revision that is there is never edited: databases have run it. Nothing is dropped either, as that is data.
"""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePosixPath

from fastwright.changes import AddFile
from fastwright.changes.editing.revisions import NewRevision, added, head
from fastwright.changes.outcome import Unfit
from fastwright.changes.tree import Tree
from fastwright.design import naming
from fastwright.design.model import Design, Field, FieldType
from fastwright.errors import InputError
from fastwright.proof.difference import Checks, Difference
from fastwright.scaffold.engine import formatted
from fastwright.scaffold.upgrading import Conflict

INI = "alembic.ini"
INITIAL = PurePosixPath("migrations/versions/0001_initial.py")
_DOCSTRINGS = re.compile(r'(?<=def )(upgrade|downgrade)(\([^\n]*:\n    )"""[^\n]*"""')
_DESCRIBED = {"upgrade": "Apply the change.", "downgrade": "Take the change back."}
_DROPS = {"drop_table": "the table", "drop_column": "the column"}
# Written alike by SQLite and PostgreSQL.
_PORTABLE = frozenset({FieldType.STR, FieldType.TEXT, FieldType.EMAIL, FieldType.URL, FieldType.ENUM, FieldType.DATE})


@dataclass(frozen=True)
class Revised:
    """A revision to be added, if one is needed; what stands in its way; and what to look at before it is run."""

    revision: AddFile | None = None
    conflicts: tuple[Conflict, ...] = ()
    risks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tables:
    """The check constraints of what was generated, and of what is today; Alembic does not compare these."""

    base: Checks
    today: Checks

    def changed(self) -> Iterator[tuple[str, str, str | None, str | None]]:
        """Yield the table, the name, and both conditions of each that differs, in tables that were there before."""
        for table in sorted(self.base.keys() & self.today.keys()):
            for name in sorted({*self.base[table], *self.today[table]}):
                conditions = self.base[table].get(name), self.today[table].get(name)
                if conditions[0] != conditions[1]:
                    yield table, name, *conditions

    def missing(self, now: Checks) -> tuple[str, ...]:
        """Return what is not as it is today, as sentences."""
        return tuple(
            f"the check constraint {name} of {table} {f'has to say {wanted}' if wanted else 'has to go'}: "
            "write that revision by hand first"
            for table, name, _was, wanted in self.changed()
            if now.get(table, {}).get(name) != wanted
        )


def revised(tree: Path, found: Difference, tables: Tables, design: Design, summary: str) -> Revised:
    """Return the revision that brings the database of `tree` to its models."""
    filler = _Filler({naming.table_name(one): {each.name: each for each in one.fields} for one in design.resources})
    upgrade = [ast.unparse(filler.visit(ast.parse(statement))) for statement in found.upgrade]
    reasons = (*filler.found, *_drops(upgrade))
    if reasons:
        return Revised(conflicts=conflicts(reasons))
    checks = list(_checks(tables, found.checks))
    upgrade += [_batch(table, lines) for table, lines, _back in checks]
    downgrade = [*(_batch(table, back) for table, _lines, back in reversed(checks)), *found.downgrade]
    if not upgrade:
        return Revised()
    message = f"{summary[:1].upper()}{summary[1:]}."
    try:
        last = head(Tree(tree), INI)
    except Unfit as unfit:
        raise InputError(unfit.refused.reason, hint=unfit.refused.hint) from None
    path, text = added(last, NewRevision(message, upgrade, downgrade, dt.datetime.now(tz=dt.UTC).date()))
    settings = PurePosixPath("pyproject.toml")
    files = {settings: (tree / settings).read_text(encoding="utf-8"), PurePosixPath(path): text}
    revision = AddFile(path=path, content=_DOCSTRINGS.sub(_described, formatted(files)[PurePosixPath(path)]))
    return Revised(revision, risks=tuple(_risks(upgrade, path)))


def _described(found: re.Match[str]) -> str:
    """Return the head of a function with a docstring that is not that of the revision before."""
    return f'{found[1]}{found[2]}"""{_DESCRIBED[found[1]]}"""'


def conflicts(reasons: Iterable[str]) -> tuple[Conflict, ...]:
    """Return conflicts of the migrations."""
    return tuple(Conflict(path=str(INITIAL.parent), line=0, reason=reason) for reason in reasons)


def _checks(tables: Tables, now: Checks) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield for each table what brings its check constraints up to date, and what takes that back."""
    changed: dict[str, tuple[list[str], list[str]]] = {}
    for table, name, was, wanted in tables.changed():
        if now.get(table, {}).get(name) != was:
            continue  # the project has made another of it, and it is told
        lines, back = changed.setdefault(table, ([], []))
        drop = f'batch_op.drop_constraint(op.f({name!r}), type_="check")'
        make = "batch_op.create_check_constraint(op.f({!r}), {!r})"
        lines += [*([drop] if was else []), *([make.format(name, wanted)] if wanted else [])]
        back += [*([drop] if wanted else []), *([make.format(name, was)] if was else [])]
    yield from ((table, lines, back) for table, (lines, back) in changed.items())


def _batch(table: str, lines: list[str]) -> str:
    return "\n    ".join([f"with op.batch_alter_table({table!r}, schema=None) as batch_op:", *lines])


def _calls(statements: list[str]) -> Iterator[ast.Call]:
    for statement in statements:
        for node in ast.walk(ast.parse(statement)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield node


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _drops(upgrade: list[str]) -> Iterator[str]:
    for call in _calls(upgrade):
        if _name(call) in _DROPS:
            what = ast.unparse(call.args[0]).strip("'")
            yield f"{_DROPS[_name(call)]} {what} would be dropped, with its data: do that by hand first, in a revision"


def _risks(upgrade: list[str], path: str) -> Iterator[str]:
    for call in _calls(upgrade):
        if _name(call) in {"alter_column", "create_unique_constraint"}:
            yield f"Rows that are there have to fit: {_name(call)} {ast.unparse(call.args[0])} in {path}."


class _Filler(ast.NodeTransformer):
    """Gives columns that are added and must not be null what the design says rows have by default."""

    def __init__(self, fields: Mapping[str, Mapping[str, Field]]) -> None:
        self.found: list[str] = []
        self._fields = fields
        self._table = ""

    def visit_With(self, node: ast.With) -> ast.AST:
        call = node.items[0].context_expr
        if isinstance(call, ast.Call) and _name(call) == "batch_alter_table":
            self._table = ast.literal_eval(call.args[0])
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if _name(node) == "add_column" and isinstance(node.args[-1], ast.Call):
            column = node.args[-1]
            self._fill(column)
            # The check constraint of an enum is made apart, so its type is what it is in the database.
            kind = column.args[1]
            length = [keyword for keyword in getattr(kind, "keywords", ()) if keyword.arg == "length"]
            if isinstance(kind, ast.Call) and _name(kind) == "Enum" and length:
                column.args[1] = ast.Call(ast.parse("sa.String", mode="eval").body, [], length)
        return self.generic_visit(node)

    def _fill(self, column: ast.Call) -> None:
        told = {keyword.arg: keyword.value for keyword in column.keywords}
        optional = isinstance(told.get("nullable"), ast.Constant) and told["nullable"].value is True  # type: ignore[attr-defined]
        if optional or "server_default" in told:
            return
        name = ast.literal_eval(column.args[0])
        field = self._fields.get(self._table, {}).get(name)
        code = _default(field) if field else ""
        if code:
            column.keywords.append(ast.keyword("server_default", ast.parse(code, mode="eval").body))
        else:
            hint = "make it optional, or give it a default"
            self.found.append(f"rows of {self._table} that are there have no {name}: {hint}")


def _default(field: Field) -> str:
    """Return the default of a field as code that both databases understand; empty where there is none."""
    value = field.default
    if isinstance(value, bool):
        return f"sa.{str(value).lower()}()"
    if isinstance(value, int) or (isinstance(value, Decimal) and value == 0):
        return f'sa.text("{value:f}")' if isinstance(value, Decimal) else f'sa.text("{value}")'
    return repr(value) if isinstance(value, str) and field.type in _PORTABLE else ""
