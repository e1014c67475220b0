"""The operations that may take a cause away, the best first. Whether one fits the source is for itself to say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastwright.changes.add_index import AddIndex, is_nameable
from fastwright.changes.add_loader_option import AddLoaderOption
from fastwright.changes.editing.frames import Frame
from fastwright.changes.loads import Load
from fastwright.changes.operation import Operation
from fastwright.changes.pass_loader_option import PassLoaderOption
from fastwright.changes.replace_loop_reads import ReplaceLoopReads
from fastwright.measure.model import (
    Cause,
    CountPerRow,
    LazyLoad,
    MissingIndex,
    QueryInLoop,
    Relation,
    Site,
)
from fastwright.project.model import Model


@dataclass(frozen=True)
class Surroundings:
    """What an edit has to know of the project: its models, and `alembic.ini` if it has migrations."""

    models: Sequence[Model]
    alembic: str | None = None
    day: dt.date = field(default_factory=lambda: dt.datetime.now(dt.UTC).date())


def candidates(cause: Cause, around: Surroundings) -> Iterator[Operation]:
    """Yield what may take a cause away, the innermost place first: a helper may execute what it is given."""
    match cause:
        case LazyLoad():
            for number, site in enumerate((cause.site, *cause.callers)):
                yield loader_option(site, cause.chain, is_passed=number > 0)
            yield from _passed_options(cause)
        case QueryInLoop() | CountPerRow():
            yield from _one_read(cause, around.models)
        case MissingIndex():
            yield from _index(cause, around)
        case _:
            return


def loader_option(site: Site, chain: Sequence[Relation], *, is_passed: bool) -> AddLoaderOption:
    """Return the operation that loads a chain of relations with the statement at a place."""
    return AddLoaderOption(**_place(site), path=_path(chain), is_passed=is_passed)


def _passed_options(cause: LazyLoad) -> Iterator[Operation]:
    """Yield options that a caller passes to a helper which reads any model, the nearest caller first."""
    calls = tuple(Frame(**_place(site)) for site in cause.callers)
    for count in range(1, len(calls) + 1):
        yield PassLoaderOption(**_place(cause.site), calls=calls[:count], path=_path(cause.chain))


def _path(chain: Sequence[Relation]) -> tuple[Load, ...]:
    return tuple(Load(module=one.module, model=one.model, attribute=one.attribute) for one in chain)


def _one_read(cause: QueryInLoop | CountPerRow, models: Sequence[Model]) -> Iterator[Operation]:
    """Yield one read of all rows, or one count for all, before the loop that the statement stands in."""
    model = next((one for one in models if one.table in cause.tables[:1]), None)
    if model is None or len(cause.tables) != 1:
        return
    keys = [column.name for column in model.columns if column.primary_key]
    alone = {index.columns[0] for index in model.indexes if index.unique and len(index.columns) == 1}
    unique = tuple(column.name for column in model.columns if column.unique or column.column in alone)
    key = keys[0] if len(keys) == 1 else ""
    yield ReplaceLoopReads(**_place(cause.site), model=model.name, primary_key=key, unique=unique)


def _index(cause: MissingIndex, around: Surroundings) -> Iterator[Operation]:
    """Yield an index on the columns, with a migration where the project has such."""
    model = next((one for one in around.models if one.name == cause.model and one.table == cause.table), None)
    if model is None or model.file is None or not cause.attributes or not is_nameable(cause.table, cause.columns):
        return
    yield AddIndex(
        file=model.file,
        line=model.line or 0,
        model=model.name,
        table=cause.table,
        attributes=cause.attributes,
        columns=cause.columns,
        alembic=around.alembic or "",
        day=around.day,
    )


def _place(site: Site) -> dict[str, Any]:
    return site.model_dump(include={"file", "line", "column", "end_line", "end_column", "function"})
