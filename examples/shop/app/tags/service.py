"""What can be done with tags."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Database
from app.errors import NotFound
from app.etag import require_match
from app.pagination import Page, paginate
from app.reference_columns import nested
from app.tags import queries
from app.tags.models import Tag
from app.tags.schemas import TagCreate, TagFilters, TagRead, TagUpdate


async def create_tag(session: AsyncSession, data: TagCreate) -> TagRead:
    """Store a tag."""
    values = data.model_dump()
    return _one((await session.execute(queries.insert_tag(), values)).all())


async def list_tags(database: Database, filters: TagFilters) -> Page[TagRead]:
    """Return one page of tags."""
    async with database.read() as connection:
        page = await paginate(connection, queries.listing(), params=filters, sort=filters.sort)
        return page.page(_shown(page.rows))


async def get_tag(database: Database, tag_id: UUID) -> TagRead:
    """Return a tag."""
    return _one(await database.fetch(queries.select_tag_by_id(), id=tag_id))


async def update_tag(session: AsyncSession, tag_id: UUID, data: TagUpdate, *, if_match: str | None) -> TagRead:
    """Change what was sent, provided that the caller has seen the current version."""
    tag = await session.scalar(sa.select(Tag).where(Tag.id == tag_id))
    if tag is None:
        raise NotFound
    require_match(if_match, tag.version)
    for name, value in data.model_dump(exclude_unset=True).items():
        setattr(tag, name, value)
    await session.flush()
    return _one((await session.execute(queries.select_tag_by_id(), {"id": tag_id})).all())


async def delete_tag(session: AsyncSession, tag_id: UUID) -> None:
    """Delete a tag, unless something refers to it that cannot be without it."""
    statement = sa.delete(Tag).where(Tag.id == tag_id)
    if await session.scalar(statement.returning(Tag.id)) is None:
        raise NotFound


def _one(rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> TagRead:
    if not rows:
        raise NotFound
    return _shown(rows)[0]


def _shown(rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> list[TagRead]:
    return [TagRead.model_validate(item) for item in nested(rows)]
