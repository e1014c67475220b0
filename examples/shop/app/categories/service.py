"""What can be done with categories."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.categories import queries
from app.categories.models import Category
from app.categories.schemas import CategoryCreate, CategoryFilters, CategoryRead, CategoryUpdate
from app.errors import NotFound
from app.etag import require_match
from app.pagination import Page, paginate


async def create_category(session: AsyncSession, data: CategoryCreate) -> CategoryRead:
    """Store a category."""
    category = Category(**data.model_dump())
    session.add(category)
    await session.flush()
    return await _read(session, Category.id == category.id)


async def list_categories(session: AsyncSession, filters: CategoryFilters) -> Page[CategoryRead]:
    """Return one page of categories."""
    statement = queries.select_categories().where(*queries.matching(filters))
    page = await paginate(
        session, statement, params=filters, sort=filters.sort, keys=queries.sort_keys(), tie=Category.id
    )
    return page.page([CategoryRead.model_validate(row._asdict()) for row in page.rows])


async def get_category(session: AsyncSession, category_id: UUID) -> CategoryRead:
    """Return a category."""
    return await _read(session, Category.id == category_id)


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
    return await _read(session, Category.id == category_id)


async def delete_category(session: AsyncSession, category_id: UUID) -> None:
    """Delete a category, unless something refers to it that cannot be without it."""
    statement = sa.delete(Category).where(Category.id == category_id)
    if await session.scalar(statement.returning(Category.id)) is None:
        raise NotFound


async def _read(session: AsyncSession, *conditions: sa.ColumnElement[bool]) -> CategoryRead:
    row = (await session.execute(queries.select_categories().where(*conditions))).one_or_none()
    if row is None:
        raise NotFound
    return CategoryRead.model_validate(row._asdict())
