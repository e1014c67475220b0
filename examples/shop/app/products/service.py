"""What can be done with products."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.dependencies import Principal
from app.database import utc_now
from app.errors import NotFound
from app.etag import require_match
from app.pagination import Page, paginate
from app.products import queries
from app.products.models import Product
from app.products.schemas import ProductCreate, ProductFilters, ProductRead, ProductUpdate
from app.reference_columns import find_referenced
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
    return await _read(session, Product.id == product.id)


async def list_products(session: AsyncSession, filters: ProductFilters) -> Page[ProductRead]:
    """Return one page of products."""
    statement = queries.select_products().where(*queries.matching(filters))
    page = await paginate(
        session, statement, params=filters, sort=filters.sort, keys=queries.sort_keys(), tie=Product.id
    )
    return page.page(await _with_tags(session, page.rows))


async def get_product(session: AsyncSession, product_id: UUID) -> ProductRead:
    """Return a product."""
    return await _read(session, Product.id == product_id)


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
    return await _read(session, Product.id == product_id)


async def delete_product(session: AsyncSession, product_id: UUID, user: Principal) -> None:
    """Delete a product, unless something refers to it that cannot be without it."""
    statement = sa.delete(Product).where(Product.id == product_id, queries.deletable_by(user))
    if await session.scalar(statement.returning(Product.id)) is None:
        raise NotFound


async def _read(session: AsyncSession, *conditions: sa.ColumnElement[bool]) -> ProductRead:
    row = (await session.execute(queries.select_products().where(*conditions))).one_or_none()
    if row is None:
        raise NotFound
    return (await _with_tags(session, [row]))[0]


async def _with_tags(session: AsyncSession, rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> list[ProductRead]:
    """Add the tags of all rows, in one statement."""
    ids = [row.id for row in rows]
    tags_of = defaultdict[UUID, list[dict[str, Any]]](list)
    for row in await session.execute(queries.select_tags(ids)):
        tags_of[row[0]].append(row._asdict())
    return [ProductRead.model_validate(row._asdict() | {"tags": tags_of[row.id]}) for row in rows]
