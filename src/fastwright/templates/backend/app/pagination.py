"""Lists in pages: by offset for people who jump, by keyset cursor for clients that walk.

A cursor names the last row that was seen, so rows that arrive or leave meanwhile neither repeat nor hide others.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Generic, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import FieldError, InvalidRequest

ItemT = TypeVar("ItemT")

MAX_OFFSET = 10_000

Cursor = Annotated[str, Field(min_length=1, max_length=1024, pattern=r"^[A-Za-z0-9_-]+$")]
Count = Annotated[int, Field(ge=0, le=2**53 - 1, json_schema_extra={"format": "int64"})]


class Page(BaseModel, Generic[ItemT]):
    """One page of a list. `next_cursor` is null on the last page, `total` unless it was asked for."""

    items: Annotated[list[ItemT], Field(max_length=1000)]
    next_cursor: Cursor | None
    total: Count | None


class PageParams(BaseModel):
    """The query parameters that every list understands; a list adds its own sort, search and filters."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=100, json_schema_extra={"format": "int32"})] = 20
    offset: Annotated[int, Field(ge=0, le=MAX_OFFSET, json_schema_extra={"format": "int32"})] = 0
    cursor: Cursor | None = None
    include_total: bool = False

    @model_validator(mode="after")
    def _one_way_at_a_time(self) -> Self:
        if self.cursor is not None and self.offset:
            raise ValueError("cursor and offset exclude each other")
        return self


@dataclass(frozen=True, slots=True)
class SortKey:
    """A column that a list may be sorted by; `type` is what its values are read back as from a cursor."""

    column: ColumnElement[Any]
    type: type[str | int | bool | Decimal | datetime | date | UUID]
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of one page, before they become items."""

    rows: Sequence[Row[Any]]
    next_cursor: str | None
    total: int | None

    def page(self, items: list[ItemT]) -> Page[ItemT]:
        """Return the page that shows `items` for these rows."""
        return Page(items=items, next_cursor=self.next_cursor, total=self.total)


async def paginate(
    session: AsyncSession,
    statement: Select[Any],
    *,
    params: PageParams,
    sort: str,
    keys: Mapping[str, SortKey],
    tie: ColumnElement[UUID],
) -> Slice:
    """Run `statement` for one page, sorted by `sort` (a name of `keys`, `-` in front for descending) and then by `tie`.

    The statement has to select the sort column and `tie`. Null values come last in both directions.
    Raises `InvalidRequest` for a cursor that this list did not make.
    """
    key = keys[sort.removeprefix("-")]
    descending = sort.startswith("-")
    total = await session.scalar(select(func.count()).select_from(statement.subquery())) if params.include_total else None
    if params.cursor is not None:
        value, last_id = _decode(params.cursor, sort, key)
        statement = statement.where(_after(key, tie, value, last_id, descending=descending))
    order = [part.desc() if descending else part.asc() for part in (key.column, tie)]
    if key.nullable:
        order[0] = order[0].nulls_last()
    rows = (await session.execute(statement.order_by(*order).limit(params.limit + 1).offset(params.offset))).all()
    page = rows[: params.limit]
    has_more = len(rows) > params.limit
    cursor = _encode(sort, page[-1]._mapping[key.column], page[-1]._mapping[tie]) if has_more else None
    return Slice(page, cursor, total)


def search_filter(words: str, *columns: ColumnElement[str] | ColumnElement[str | None]) -> ColumnElement[bool]:
    """Return the condition that one of `columns` contains `words`, in any case and with wildcards taken literally."""
    return or_(*(column.icontains(words, autoescape=True) for column in columns))


def _after(
    key: SortKey, tie: ColumnElement[UUID], value: Any, last_id: UUID, *, descending: bool
) -> ColumnElement[bool]:
    """Return the condition for the rows behind the last one that was seen."""
    tie_after = tie < last_id if descending else tie > last_id
    if value is None:
        return and_(key.column.is_(None), tie_after)
    beyond = key.column < value if descending else key.column > value
    after = or_(beyond, and_(key.column == value, tie_after))
    return or_(after, key.column.is_(None)) if key.nullable else after


def _encode(sort: str, value: Any, last_id: UUID) -> str:
    text = value.isoformat() if isinstance(value, date) else value  # a datetime is a date, too
    document = json.dumps([sort, None if text is None else str(text), last_id.hex], separators=(",", ":"))
    return base64.urlsafe_b64encode(document.encode()).rstrip(b"=").decode()


def _decode(cursor: str, sort: str, key: SortKey) -> tuple[Any, UUID]:
    try:
        document = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        made_for, text, last_id = document
        if made_for != sort or not (text is None and key.nullable or isinstance(text, str)):
            raise ValueError("the cursor was made for another order")
        return (None if text is None else _parse(text, key.type)), UUID(last_id)
    except (ValueError, TypeError, AttributeError, InvalidOperation, binascii.Error, RecursionError) as error:
        raise InvalidRequest(
            FieldError(location="query.cursor", message="this cursor does not belong to this list", code="cursor")
        ) from error


def _parse(text: str, kind: type) -> Any:
    if kind is datetime:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return moment
    if kind is date:
        return date.fromisoformat(text)
    if kind is int and abs(int(text)) > 2**63 - 1:
        raise ValueError("larger than any stored number")
    if kind is bool:
        return text == "True"
    if kind is Decimal and not Decimal(text).is_finite():
        raise ValueError("not a number")
    return kind(text)
