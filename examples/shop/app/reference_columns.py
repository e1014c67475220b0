"""What a row is shown as: its own columns, and those of other rows within it; and how a body may refer to those."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.database import Record
from app.errors import Conflict

MARK = "/"
RecordT = TypeVar("RecordT", bound=Record)


def within(name: str, *columns: InstrumentedAttribute[Any]) -> list[sa.Label[Any]]:
    """Return the columns of a joined row under names such as `owner/id`, of which `nested` makes one value, `owner`.

    The first column has to be the primary key.
    """
    return [column.label(f"{name}{MARK}{column.key}") for column in columns]


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
