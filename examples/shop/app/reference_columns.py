"""How rows of other tables are shown within a row, and how a body may refer to them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Bundle
from typing_extensions import override

from app.database import Record
from app.errors import Conflict

RecordT = TypeVar("RecordT", bound=Record)


class Reference(Bundle[Any]):
    """The columns of a joined row as one value of the result, or None where an outer join found no row.

    The first column has to be the primary key.
    """

    @override
    def create_row_processor(
        self,
        query: sa.Select[*tuple[Any, ...]],
        procs: Sequence[Callable[[sa.Row[*tuple[Any, ...]]], Any]],
        labels: Sequence[str],
    ) -> Callable[[sa.Row[*tuple[Any, ...]]], dict[str, Any] | None]:
        """Return the function that takes the values out of a row (called by SQLAlchemy)."""

        def process(row: sa.Row[*tuple[Any, ...]]) -> dict[str, Any] | None:
            values = [proc(row) for proc in procs]
            return None if values[0] is None else dict(zip(labels, values, strict=True))

        return process


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
