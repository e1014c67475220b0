"""Lists in pages: by offset for people who jump, by keyset cursor for clients that walk.

A cursor names the last row that was seen, so rows that arrive or leave meanwhile neither repeat nor hide others.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Generic, Literal, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import BigInteger, ColumnElement, Row, Select, and_, bindparam, func, or_, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.database import ExactDecimal, UtcDateTime
from app.errors import FieldError, InvalidRequest

ItemT = TypeVar("ItemT")

MAX_OFFSET = 10_000

Cursor = Annotated[str, Field(min_length=1, max_length=4096, pattern=r"^[A-Za-z0-9_-]+$")]
Count = Annotated[int, Field(ge=0, le=2**53 - 1, json_schema_extra={"format": "int64"})]
SortValue = str | int | bool | Decimal | datetime | date | UUID
Place = Literal["start", "behind", "behind null"]


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

    column: InstrumentedAttribute[Any]
    type: type[SortValue]
    nullable: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ListStatement:
    """What a list shows, and how it can be narrowed and sorted (`tie` decides between equal values).

    A filter is a condition on the parameter of its own name, `Item.price >= bindparam("price_min")`, so that a
    statement is built once for all requests that ask for the same filters; what they bring are its parameters.
    """

    rows: Select[*tuple[Any, ...]]
    keys: Mapping[str, SortKey]
    tie: InstrumentedAttribute[UUID]
    filters: Mapping[str, ColumnElement[bool]] = field(default_factory=dict)


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
    connection: AsyncConnection | AsyncSession,
    listing: ListStatement,
    *,
    params: PageParams,
    sort: str,
    **always: object,
) -> Slice:
    """Read one page, sorted by `sort` (a name of the list's keys, `-` in front for descending).

    Filters are taken from the parameters that were sent, and from `always`. The statement has to select the sort column
    and the tie. Null values come last in both directions.
    Raises `InvalidRequest` for a cursor that was not made by this list in this order.
    """
    values = always | {name: getattr(params, name) for name in params.model_fields_set if name in listing.filters}
    if SEARCH in values:
        values[SEARCH] = _literally(str(values[SEARCH]))
    names = frozenset(values)
    total = await connection.scalar(_counting(listing, names), values) if params.include_total else None
    place: Place = "start"
    if params.cursor is not None:
        last, last_id = _decode(params.cursor, _order_name(listing, sort), listing.keys[sort.removeprefix("-")])
        place = "behind null" if last is None else "behind"
        values |= {"_last": last, "_last_id": last_id}
    values |= {"limit": params.limit + 1, "offset": params.offset}
    rows = (await connection.execute(_reading(listing, names, sort, place), values)).all()
    page = rows[: params.limit]
    if len(rows) == len(page):
        return Slice(page, None, total)
    return Slice(page, _encode(listing, sort, page[-1]), total)


SEARCH = "q"


def search_filter(*columns: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]) -> ColumnElement[bool]:
    """Return the condition that one of `columns` contains the parameter `q`, in any case."""
    return or_(*(column.icontains(bindparam(SEARCH), escape="/") for column in columns))


def _literally(words: str) -> str:
    """Take the wildcards of LIKE for what they are."""
    return words.replace("/", "//").replace("%", "/%").replace("_", "/_")


@lru_cache(maxsize=1000)
def _reading(listing: ListStatement, names: frozenset[str], sort: str, place: Place) -> Select[*tuple[Any, ...]]:
    key = listing.keys[sort.removeprefix("-")]
    descending = sort.startswith("-")
    statement = listing.rows.where(*(listing.filters[name] for name in sorted(names)))
    if place != "start":
        statement = statement.where(_after(key, listing.tie, place, descending=descending))
    order = [column.desc() if descending else column.asc() for column in (key.column, listing.tie)]
    if key.nullable:
        order[0] = order[0].nulls_last()
    return statement.order_by(*order).limit(bindparam("limit")).offset(bindparam("offset"))


@lru_cache(maxsize=1000)
def _counting(listing: ListStatement, names: frozenset[str]) -> Select[int]:
    statement = listing.rows.where(*(listing.filters[name] for name in sorted(names)))
    return statement.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)


def _after(key: SortKey, tie: InstrumentedAttribute[UUID], place: Place, *, descending: bool) -> ColumnElement[bool]:
    """Return the condition for the rows behind the last one that was seen.

    Where it can, it compares both columns at once: that is what an index on the two answers without reading rows that
    are skipped.
    """
    last_id = bindparam("_last_id", type_=tie.type)
    if place == "behind null":
        return and_(key.column.is_(None), tie < last_id if descending else tie > last_id)
    here = tuple_(key.column, tie)
    last = tuple_(bindparam("_last", type_=key.column.type), last_id)
    after = here < last if descending else here > last
    return or_(after, key.column.is_(None)) if key.nullable else after


@lru_cache(maxsize=1000)
def _order_name(listing: ListStatement, sort: str) -> str:
    return f"{listing.tie} {sort}"


def _encode(listing: ListStatement, sort: str, last: Row[*tuple[Any, ...]]) -> str:
    """Return the cursor that goes on behind the row `last`."""
    value, last_id = last._mapping[listing.keys[sort.removeprefix("-")].column.key], last._mapping[listing.tie.key]
    text = value.isoformat() if isinstance(value, date) else value  # a datetime is a date, too
    parts = [_order_name(listing, sort), None if text is None else str(text), last_id.hex]
    document = json.dumps(parts, separators=(",", ":"))
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
