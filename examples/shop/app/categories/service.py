"""What can be done with categories."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.categories import queries
from app.categories.models import Category
from app.categories.schemas import CategoryCreate, CategoryFilters, CategoryRead, CategoryUpdate
from app.database import Database
from app.errors import NotFound
from app.etag import require_match
from app.pagination import Page, paginate
from app.reference_columns import nested


async def create_category(session: AsyncSession, data: CategoryCreate) -> CategoryRead:
    """Store a category."""
    values = data.model_dump()
    return _one((await session.execute(queries.insert_category(), values)).all())


async def list_categories(database: Database, filters: CategoryFilters) -> Page[CategoryRead]:
    """Return one page of categories."""
    async with database.read() as connection:
        page = await paginate(connection, queries.listing(), params=filters, sort=filters.sort)
        return page.page(_shown(page.rows))


async def get_category(database: Database, category_id: UUID) -> CategoryRead:
    """Return a category."""
    return _one(await database.fetch(queries.select_category_by_id(), id=category_id))


async def update_category(
    session: AsyncSession, category_id: UUID, data: CategoryUpdate, *, if_match: str | None
) -> CategoryRead:
    """Change what was sent, provided that the caller has seen the current version."""
    category = await session.scalar(sa.select(Category).where(Category.id == category_id))
    if category is None:
        raise NotFound
    require_match(if_match, category.version)
    for name, value in data.model_dump(exclude_unset=True).items():
        setattr(category, name, value)
    await session.flush()
    return _one((await session.execute(queries.select_category_by_id(), {"id": category_id})).all())


async def delete_category(session: AsyncSession, category_id: UUID) -> None:
    """Delete a category, unless something refers to it that cannot be without it."""
    statement = sa.delete(Category).where(Category.id == category_id)
    if await session.scalar(statement.returning(Category.id)) is None:
        raise NotFound


def _one(rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> CategoryRead:
    if not rows:
        raise NotFound
    return _shown(rows)[0]


def _shown(rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> list[CategoryRead]:
    return [CategoryRead.model_validate(item) for item in nested(rows)]
