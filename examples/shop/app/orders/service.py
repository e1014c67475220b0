"""What can be done with orders."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.dependencies import Principal
from app.database import Database
from app.errors import NotFound
from app.etag import require_match
from app.orders import queries
from app.orders.models import Order
from app.orders.schemas import OrderCreate, OrderFilters, OrderRead, OrderUpdate
from app.pagination import Page, paginate
from app.reference_columns import nested


async def create_order(session: AsyncSession, data: OrderCreate, user: Principal) -> OrderRead:
    """Store an order that belongs to the caller."""
    values = data.model_dump() | {"buyer_id": user.user_id}
    return _one((await session.execute(queries.insert_order(), values)).all())


async def list_orders(database: Database, filters: OrderFilters, user: Principal) -> Page[OrderRead]:
    """Return one page of the caller's orders."""
    async with database.read() as connection:
        page = await paginate(connection, queries.listing(), params=filters, sort=filters.sort, owner=user.user_id)
        return page.page(_shown(page.rows))


async def get_order(database: Database, order_id: UUID, user: Principal) -> OrderRead:
    """Return an order that the caller may read."""
    return _one(await database.fetch(queries.select_readable_order(user), id=order_id, owner=user.user_id))


async def update_order(
    session: AsyncSession, order_id: UUID, data: OrderUpdate, *, if_match: str | None, user: Principal
) -> OrderRead:
    """Change what was sent, provided that the caller has seen the current version."""
    order = await session.scalar(sa.select(Order).where(Order.id == order_id, queries.updatable_by(user)))
    if order is None:
        raise NotFound
    require_match(if_match, order.version)
    for name, value in data.model_dump(exclude_unset=True).items():
        setattr(order, name, value)
    await session.flush()
    return _one((await session.execute(queries.select_order_by_id(), {"id": order_id})).all())


async def delete_order(session: AsyncSession, order_id: UUID) -> None:
    """Delete an order, unless something refers to it that cannot be without it."""
    statement = sa.delete(Order).where(Order.id == order_id)
    if await session.scalar(statement.returning(Order.id)) is None:
        raise NotFound


def _one(rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> OrderRead:
    if not rows:
        raise NotFound
    return _shown(rows)[0]


def _shown(rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> list[OrderRead]:
    return [OrderRead.model_validate(item) for item in nested(rows)]
