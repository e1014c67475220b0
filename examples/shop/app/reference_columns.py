"""What a row is shown as: its own columns, and those of other rows within it; and how a body may refer to those."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.dml import ReturningInsert

from app.database import Record
from app.errors import Conflict

MARK = "/"
RecordT = TypeVar("RecordT", bound=Record)


def within(name: str, *columns: InstrumentedAttribute[Any]) -> list[sa.Label[Any]]:
    """Return the columns of a joined row under names such as `owner/id`, of which `nested` makes one value, `owner`.

    The first column has to be the primary key.
    """
    return [column.label(f"{name}{MARK}{column.key}") for column in columns]


def insert_shown(model: type[Record], shown: sa.Select[*tuple[Any, ...]]) -> ReturningInsert[*tuple[Any, ...]]:
    """Return the statement that stores a row of `model` and answers with what `shown` would read of it."""
    table = cast("sa.Table", model.__table__)  # the ORM's own INSERT is for entities, and takes longer
    columns = shown.selected_columns.items()
    return sa.insert(table).returning(
        *(_looked_up(model, column) if isinstance(column, sa.Label) else table.c[name] for name, column in columns)
    )


def _looked_up(model: type[Record], column: sa.Label[Any]) -> sa.ColumnElement[Any]:
    """Return a column of a joined row by a subquery, since an INSERT joins nothing."""
    name, _mark, part = column.name.partition(MARK)
    [(own, key)] = sa.inspect(model).relationships[name].local_remote_pairs
    if part == key.key:
        return own.label(column.name)
    # As text, or SQLAlchemy would take the table into the subquery as well: it knows no RETURNING that encloses one.
    here = sa.literal_column(f'"{own.table.name}"."{own.name}"', own.type)
    joined = column.element.table.c[key.key]
    return sa.select(column.element).where(joined == here).scalar_subquery().label(column.name)


def nested(rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> list[dict[str, Any]]:
    """Return rows as they are shown; a joined row that an outer join did not find is None."""
    fields = [name.partition(MARK) for name in rows[0]._fields] if rows else []
    items: list[dict[str, Any]] = []
    for row in rows:
        item: dict[str, Any] = {}
        for (name, mark, part), value in zip(fields, row, strict=True):
            if not mark:
                item[name] = value
            elif name not in item:  # its primary key
                item[name] = None if value is None else {part: value}
            elif item[name] is not None:
                item[name][part] = value
        items.append(item)
    return items


async def find_referenced(
    session: AsyncSession,
    statement: sa.Select[RecordT],
    ids: Iterable[UUID],
) -> list[RecordT]:
    """Return the entities that `ids` name, out of those that `statement` selects.

    Raises `Conflict` if one is missing. A row that the caller may not read is missing, too, so that nobody can find out
    by trying whether it exists.
    """
    wanted = set(ids)
    entity = statement.column_descriptions[0]["entity"]
    found = (await session.scalars(statement.where(entity.id.in_(wanted)))).all()
    if len(found) < len(wanted):
        raise Conflict("a referenced row does not exist")
    return list(found)
