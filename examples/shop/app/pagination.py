"""Lists in pages: by offset for people who jump, by keyset cursor for clients that walk.

A cursor names the last row that was seen, so rows that arrive or leave meanwhile neither repeat nor hide others.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import BigInteger, ColumnElement, Row, Select, and_, func, literal, or_, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.database import ExactDecimal, UtcDateTime
from app.errors import FieldError, InvalidRequest

ItemT = TypeVar("ItemT")

MAX_OFFSET = 10_000

Cursor = Annotated[str, Field(min_length=1, max_length=4096, pattern=r"^[A-Za-z0-9_-]+$")]
Count = Annotated[int, Field(ge=0, le=2**53 - 1, json_schema_extra={"format": "int64"})]
Column = ColumnElement[ItemT] | InstrumentedAttribute[ItemT]
SortValue = str | int | bool | Decimal | datetime | date | UUID


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

    column: Column[Any]
    type: type[SortValue]
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of one page, before they become items."""

    rows: Sequence[Row[*tuple[Any, ...]]]
    next_cursor: str | None
    total: int | None

    def page(self, items: list[ItemT]) -> Page[ItemT]:
        """Return the page that shows `items` for these rows."""
        return Page(items=items, next_cursor=self.next_cursor, total=self.total)


async def paginate(
    session: AsyncSession,
    statement: Select[*tuple[Any, ...]],
    *,
    params: PageParams,
    sort: str,
    keys: Mapping[str, SortKey],
    tie: Column[UUID],
) -> Slice:
    """Run `statement` for one page, sorted by `sort` (a name of `keys`, `-` in front for descending) and then by `tie`.

    The statement has to select the sort column and `tie`. Null values come last in both directions.
    Raises `InvalidRequest` for a cursor that was not made by this list in this order.
    """
    key = keys[sort.removeprefix("-")]
    descending = sort.startswith("-")
    order_name = f"{tie} {sort}"
    total = await session.scalar(_count(statement)) if params.include_total else None
    if params.cursor is not None:
        value, last_id = _decode(params.cursor, order_name, key)
        statement = statement.where(_after(key, tie, value, last_id, descending=descending))
    order = [column.desc() if descending else column.asc() for column in (key.column, tie)]
    if key.nullable:
        order[0] = order[0].nulls_last()
    found = await session.execute(statement.order_by(*order).limit(params.limit + 1).offset(params.offset))
    rows = found.all()
    page = rows[: params.limit]
    if len(rows) == len(page):
        return Slice(page, None, total)
    last = page[-1]._mapping
    return Slice(page, _encode(order_name, last[key.column], last[tie]), total)


def search_filter(words: str, *columns: Column[str] | Column[str | None]) -> ColumnElement[bool]:
    """Return the condition that one of `columns` contains `words`, in any case and with wildcards taken literally."""
    return or_(*(column.icontains(words, autoescape=True) for column in columns))


def _count(statement: Select[*tuple[Any, ...]]) -> Select[int]:
    return statement.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)


def _after(
    key: SortKey, tie: Column[UUID], value: SortValue | None, last_id: UUID, *, descending: bool
) -> ColumnElement[bool]:
    """Return the condition for the rows behind the last one that was seen.

    Where it can, it compares both columns at once: that is what an index on the two answers without reading rows that
    are skipped.
    """
    if value is None:
        return and_(key.column.is_(None), tie < last_id if descending else tie > last_id)
    here = tuple_(key.column, tie)
    last = tuple_(literal(value, key.column.type), literal(last_id, tie.type))
    after = here < last if descending else here > last
    return or_(after, key.column.is_(None)) if key.nullable else after


def _encode(order_name: str, value: SortValue | None, last_id: UUID) -> str:
    text = value.isoformat() if isinstance(value, date) else value  # a datetime is a date, too
    document = json.dumps([order_name, None if text is None else str(text), last_id.hex], separators=(",", ":"))
    return base64.urlsafe_b64encode(document.encode()).rstrip(b"=").decode()


def _decode(cursor: str, order_name: str, key: SortKey) -> tuple[SortValue | None, UUID]:
    try:
        made_for, text, last_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if made_for == order_name:
            return (None if text is None and key.nullable else _parse(text, key)), UUID(last_id)
    except (ValueError, TypeError, AttributeError, ArithmeticError, RecursionError):
        pass  # whatever is wrong with it, it is not one of ours
    raise InvalidRequest(
        FieldError(location="query.cursor", message="this cursor does not belong to this list", code="cursor")
    )


def _parse(text: str, key: SortKey) -> SortValue:
    """Read a value back; raise an error that `_decode` expects if no row could ever have had it."""
    text.encode()
    if "\x00" in text:
        raise ValueError(text)
    if key.type is bool:
        return text == str(True)
    if key.type is datetime:
        return UtcDateTime.check(datetime.fromisoformat(text))
    if key.type is date:
        return date.fromisoformat(text)
    if key.type is int:
        return _within(int(text), 2**63 if isinstance(key.column.type, BigInteger) else 2**31)
    if key.type is Decimal:
        return key.column.type.check(Decimal(text)) if isinstance(key.column.type, ExactDecimal) else Decimal(text)
    return UUID(text) if key.type is UUID else text


def _within(value: int, bound: int) -> int:
    if not -bound <= value < bound:
        raise ValueError(value)
    return value
