"""What can be done with tags."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import NotFound
from app.etag import require_match
from app.pagination import Page, paginate
from app.tags import queries
from app.tags.models import Tag
from app.tags.schemas import TagCreate, TagFilters, TagRead, TagUpdate


async def create_tag(session: AsyncSession, data: TagCreate) -> TagRead:
    """Store a tag."""
    tag = Tag(**data.model_dump())
    session.add(tag)
    await session.flush()
    return await _read(session, Tag.id == tag.id)


async def list_tags(session: AsyncSession, filters: TagFilters) -> Page[TagRead]:
    """Return one page of tags."""
    statement = queries.select_tags().where(*queries.matching(filters))
    page = await paginate(session, statement, params=filters, sort=filters.sort, keys=queries.sort_keys(), tie=Tag.id)
    return page.page([TagRead.model_validate(row._asdict()) for row in page.rows])


async def get_tag(session: AsyncSession, tag_id: UUID) -> TagRead:
    """Return a tag."""
    return await _read(session, Tag.id == tag_id)


async def update_tag(session: AsyncSession, tag_id: UUID, data: TagUpdate, *, if_match: str | None) -> TagRead:
    """Change what was sent, provided that the caller has seen the current version."""
    tag = await session.scalar(sa.select(Tag).where(Tag.id == tag_id))
    if tag is None:
        raise NotFound
    require_match(if_match, tag.version)
    for name, value in data.model_dump(exclude_unset=True).items():
        setattr(tag, name, value)
    await session.flush()
    return await _read(session, Tag.id == tag_id)


async def delete_tag(session: AsyncSession, tag_id: UUID) -> None:
    """Delete a tag, unless something refers to it that cannot be without it."""
    statement = sa.delete(Tag).where(Tag.id == tag_id)
    if await session.scalar(statement.returning(Tag.id)) is None:
        raise NotFound


async def _read(session: AsyncSession, *conditions: sa.ColumnElement[bool]) -> TagRead:
    row = (await session.execute(queries.select_tags().where(*conditions))).one_or_none()
    if row is None:
        raise NotFound
    return TagRead.model_validate(row._asdict())
