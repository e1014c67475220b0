"""What can be done with orders."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.dependencies import Principal
from app.errors import NotFound
from app.etag import require_match
from app.orders import queries
from app.orders.models import Order
from app.orders.schemas import OrderCreate, OrderFilters, OrderRead, OrderUpdate
from app.pagination import Page, paginate


async def create_order(session: AsyncSession, data: OrderCreate, user: Principal) -> OrderRead:
    """Store an order that belongs to the caller."""
    order = Order(**data.model_dump(), buyer_id=user.user_id)
    session.add(order)
    await session.flush()
    return await _read(session, Order.id == order.id)


async def list_orders(session: AsyncSession, filters: OrderFilters, user: Principal) -> Page[OrderRead]:
    """Return one page of the caller's orders."""
    statement = queries.select_orders().where(queries.owned_by(user), *queries.matching(filters))
    page = await paginate(session, statement, params=filters, sort=filters.sort, keys=queries.sort_keys(), tie=Order.id)
    return page.page([OrderRead.model_validate(row._asdict()) for row in page.rows])


async def get_order(session: AsyncSession, order_id: UUID, user: Principal) -> OrderRead:
    """Return an order that the caller may read."""
    return await _read(session, Order.id == order_id, queries.readable_by(user))


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
    return await _read(session, Order.id == order_id)


async def delete_order(session: AsyncSession, order_id: UUID) -> None:
    """Delete an order, unless something refers to it that cannot be without it."""
    statement = sa.delete(Order).where(Order.id == order_id)
    if await session.scalar(statement.returning(Order.id)) is None:
        raise NotFound


async def _read(session: AsyncSession, *conditions: sa.ColumnElement[bool]) -> OrderRead:
    row = (await session.execute(queries.select_orders().where(*conditions))).one_or_none()
    if row is None:
        raise NotFound
    return OrderRead.model_validate(row._asdict())
