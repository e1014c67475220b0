"""Rows that are marked in place of being deleted, and that no read gives any more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import ClassVar

import inflection
from pydantic import Field

from fastwright.changes import Change, Operation
from fastwright.changes.add_code import AddCode
from fastwright.changes.add_column import AddColumn
from fastwright.changes.mark_deleted import MarkDeleted
from fastwright.changes.wanted import Import
from fastwright.project.model import Endpoint, Model
from fastwright.project.source import parsed
from fastwright.recipes._app.surroundings import Surroundings, surroundings
from fastwright.recipes._app.tables import TableStyle
from fastwright.recipes._code.columns import Column, declaration
from fastwright.recipes._code.libraries import LIBRARIES
from fastwright.recipes._code.revisions import revision
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._code.writing import makes_tables
from fastwright.recipes._deletion.finding import Deletion, deletion, marked, unaware
from fastwright.recipes._deletion.promise import MarkedPromise
from fastwright.recipes._deletion.suite import deletion_tests
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Wish

_NAME = "deleted_at"
_READS = 20
_IMPORTS = (
    Import(module="sqlalchemy", name="event"),
    Import(module="sqlalchemy.orm", name="ORMExecuteState"),
    Import(module="sqlalchemy.orm", name="Session"),
    Import(module="sqlalchemy.orm", name="with_loader_criteria"),
)


class SoftDelete(Wish):
    """Whose rows."""

    positional: ClassVar[tuple[str, ...]] = ("path",)

    path: str = Field(default="/", description="The endpoint that deletes, or the collection that it belongs to.")


def plan(known: Known, wish: SoftDelete) -> Answer:
    """Return the plan. Raises `InputError` if nothing is deleted there."""
    app = surroundings(known)
    found = deletion(known, wish.path)
    if isinstance(found, Refusal | Already):
        return found
    if isinstance(app, Refusal):
        return app
    reason = _in_the_way(known, found)
    if reason is not None:
        return reason
    migrated = _migration(app, found.model)
    if isinstance(migrated, Refusal):
        return migrated
    tests = deletion_tests(app, found.model, _NAME)
    return Plan(
        change=Change(
            summary=f"{found.shown} marks rows of {found.model.table}",
            operations=(*_operations(app, found), *migrated, *tests),
        ),
        promise=MarkedPromise(found.endpoint, found.model, _NAME, tuple(_reads(known, found)), _children(known, found)),
        decisions=(
            f"{found.model.name}.{_NAME} is the time of the deletion; without one, the row is there.",
            "One listener adds that condition to every read of a session, so that no read to come can forget it.",
            "Who has to see all rows says so: .execution_options(include_deleted=True).",
        ),
        risks=tuple(_risks(known, app, found)),
        alternatives=("A table of what was deleted: reads stay as they are, and each deletion moves a row.",),
    )


def _in_the_way(known: Known, found: Deletion) -> Refusal | None:
    mark = marked(found.model)
    if mark:
        reason = f"{found.model.name} has {mark}, and {found.shown} deletes the row all the same"
        return Refusal(reason=reason, hint=f"set {mark} there, and leave out what has it, then: fastwright prove")
    keys = [column for column in found.model.columns if column.primary_key]
    if len(keys) != 1 or re.match(r"VARCHAR|TEXT|CHAR\(\d\)", keys[0].type):
        names = ", ".join(column.name for column in keys)
        reason = f"{found.model.name} has the key {names}, which callers give: what was deleted would keep it taken"
        return Refusal(reason=reason, hint="give it a key of its own (id), and a partial unique index on the other")
    items = tuple(unaware(known, found))
    if items:
        reason = f"in these places no session would notice that a row of {found.model.name} is only marked"
        return Refusal(reason=reason, hint="read and delete there through the model, then ask again", items=items)
    return None


def _operations(app: Surroundings, found: Deletion) -> Iterator[Operation]:
    model, step = found.model, found.path[-1]
    end, column = step.node.end_lineno or step.node.lineno, step.node.end_col_offset
    yield MarkDeleted(
        file=step.file,
        line=step.node.lineno,
        column=step.node.col_offset,
        end_line=end,
        end_column=-1 if column is None else column,
        function=step.function,
    )
    code = _column(app.tables)
    yield AddColumn(
        file=model.file or "", class_name=model.name, name=_NAME, code=code, imports=tuple(_imports(app, code))
    )
    plural = inflection.pluralize(inflection.underscore(model.name))
    listener = rendered(
        "deletion/listener.py", plural=plural, words=plural.replace("_", " "), model=model.name, attribute=_NAME
    )
    yield AddCode(
        file=model.file or "", code=app.formatting.formatted(listener, whole=False), after=model.name, imports=_IMPORTS
    )


def _column(style: TableStyle) -> str:
    code = declaration(Column(_NAME, "datetime", nullable=True), style)
    # As a dataclass, the model would ask for it when it is made.
    return code.removesuffix(")") + ", init=False, default=None)" if style.is_dataclass else code


def _imports(app: Surroundings, code: str) -> Iterator[Import]:
    names = [node.id for node in ast.walk(parsed(code)) if isinstance(node, ast.Name)]
    for name in dict.fromkeys(names):
        if name == "Field":
            yield Import(module="sqlmodel", name="Field")
        elif name in LIBRARIES and (name != "Column" or app.tables.style == "column"):
            yield LIBRARIES[name]


def _migration(app: Surroundings, model: Model) -> list[Operation] | Refusal:
    column = f'sa.Column("{_NAME}", sa.DateTime(timezone=True), nullable=True)'
    upgrade = f'op.add_column("{model.table}", {column})'
    downgrade = f'op.drop_column("{model.table}", "{_NAME}")'
    return revision(app.known, f"mark deleted {model.table}", upgrade, downgrade, app.formatting)


def _reads(known: Known, found: Deletion) -> Iterator[Endpoint]:
    """Yield what may give the row: its own endpoint first, and all that can be asked for without more."""
    reads = [one for one in known.project.endpoints if one.method == "GET" and one.kind == "operation"]
    own = [one for one in reads if one.path == found.endpoint.path]
    collection = found.endpoint.path.rpartition("/{")[0]
    lists = [one for one in reads if one.path.rstrip("/") == collection]
    others = [one for one in reads if "{" not in one.path and one not in lists]
    yield from [*own, *lists, *others][:_READS]


def _children(known: Known, found: Deletion) -> tuple[str, ...]:
    """Return the tables that refer to the model: a deletion may have taken their rows along."""
    return tuple(
        other.table
        for other in known.project.models
        for column in other.columns
        if other.table and (column.foreign_key or "").partition(".")[0] == found.model.table
    )


def _risks(known: Known, app: Surroundings, found: Deletion) -> Iterator[str]:
    model = found.model
    unique = [column.name for column in model.columns if column.unique and not column.primary_key]
    if unique:
        yield (
            f"What was deleted keeps its {', '.join(unique)} taken: make that unique among the living, by a partial"
            f" index (WHERE {_NAME} IS NULL), before somebody creates the same again."
        )
    for other in known.project.models:
        for column in other.columns:
            if (column.foreign_key or "").partition(".")[0] == model.table:
                yield f"{other.name}.{column.name} still refers to the row: as a relation, it gives nothing any more."
    if known.project.conventions.alembic is None:
        made = "the app makes missing tables, but no columns" if makes_tables(app.known) else "there is no Alembic"
        yield f"{made.capitalize()}: ALTER TABLE {model.table} ADD COLUMN {_NAME} TIMESTAMP, where there are rows."
    yield "What is to be forgotten by law has to be deleted still: a job that deletes what was marked long ago does it."


RECIPE = Recipe(
    name="soft-delete",
    summary="rows that are marked when they are deleted, and that no read gives any more",
    wish=SoftDelete,
    plan=plan,
    about=(
        "A column with the time, which the endpoint sets in place of deleting the row; a migration; and a listener on "
        "the session that keeps marked rows out of every read. SQL as text and statements that delete in bulk would "
        "not notice, so that they are refused, with their places. Proven: after it every endpoint answers as it did "
        "after a deletion, and the row is still there."
    ),
)
