"""What can be done with products."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.auth.dependencies import Principal
from app.database import Database, utc_now
from app.errors import NotFound
from app.etag import require_match
from app.pagination import Page, paginate
from app.products import queries
from app.products.models import Product
from app.products.schemas import ProductCreate, ProductFilters, ProductRead, ProductUpdate
from app.reference_columns import find_referenced, nested
from app.tags.models import Tag


async def create_product(session: AsyncSession, data: ProductCreate, user: Principal) -> ProductRead:
    """Store a product that belongs to the caller."""
    product = Product(
        **data.model_dump(exclude={"tag_ids"}),
        seller_id=user.user_id,
        tags=await find_referenced(session, sa.select(Tag), data.tag_ids),
    )
    session.add(product)
    await session.flush()
    return await _read(await session.connection(), queries.select_product_by_id(), id=product.id)


async def list_products(database: Database, filters: ProductFilters) -> Page[ProductRead]:
    """Return one page of products."""
    async with database.read() as connection:
        page = await paginate(connection, queries.listing(), params=filters, sort=filters.sort)
        return page.page(await _shown(connection, page.rows))


async def get_product(database: Database, product_id: UUID) -> ProductRead:
    """Return a product."""
    async with database.read() as connection:
        return await _read(connection, queries.select_product_by_id(), id=product_id)


async def update_product(
    session: AsyncSession, product_id: UUID, data: ProductUpdate, *, if_match: str | None, user: Principal
) -> ProductRead:
    """Change what was sent, provided that the caller has seen the current version."""
    product = await session.scalar(sa.select(Product).where(Product.id == product_id, queries.owned_by(user)))
    if product is None:
        raise NotFound
    require_match(if_match, product.version)
    changes = data.model_dump(exclude_unset=True, exclude={"tag_ids"})
    if "tag_ids" in data.model_fields_set:
        await session.refresh(product, ["tags"])
        changes["tags"] = await find_referenced(session, sa.select(Tag), data.tag_ids)
        changes["updated_at"] = utc_now()  # the row itself has to change, for its version to count this
    for name, value in changes.items():
        setattr(product, name, value)
    await session.flush()
    return await _read(await session.connection(), queries.select_product_by_id(), id=product_id)


async def delete_product(session: AsyncSession, product_id: UUID, user: Principal) -> None:
    """Delete a product, unless something refers to it that cannot be without it."""
    statement = sa.delete(Product).where(Product.id == product_id, queries.deletable_by(user))
    if await session.scalar(statement.returning(Product.id)) is None:
        raise NotFound


async def _read(connection: AsyncConnection, statement: sa.Select[*tuple[Any, ...]], **values: UUID) -> ProductRead:
    rows = (await connection.execute(statement, values)).all()
    if not rows:
        raise NotFound
    return (await _shown(connection, rows))[0]


async def _shown(connection: AsyncConnection, rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> list[ProductRead]:
    """Return rows as they are shown, with the tags of all of them in one statement."""
    ids = [row.id for row in rows]
    tags_of = defaultdict[UUID, list[dict[str, Any]]](list)
    for row in await connection.execute(queries.select_product_tags(), {"ids": ids}):
        tags_of[row[0]].append(row._asdict())
    return [ProductRead.model_validate(item | {"tags": tags_of[item["id"]]}) for item in nested(rows)]
