"""What can be done with posts."""

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
from app.posts import queries
from app.posts.models import Post
from app.posts.schemas import PostCreate, PostFilters, PostRead, PostUpdate
from app.reference_columns import find_referenced
from app.tags.models import Tag


async def create_post(session: AsyncSession, data: PostCreate, user: Principal) -> PostRead:
    """Store a post that belongs to the caller."""
    post = Post(
        **data.model_dump(exclude={"tag_ids"}),
        author_id=user.user_id,
        tags=await find_referenced(session, sa.select(Tag), data.tag_ids),
    )
    session.add(post)
    await session.flush()
    return await _read(session, Post.id == post.id)


async def list_posts(session: AsyncSession, filters: PostFilters) -> Page[PostRead]:
    """Return one page of posts."""
    statement = queries.select_posts().where(*queries.matching(filters))
    page = await paginate(session, statement, params=filters, sort=filters.sort, keys=queries.sort_keys(), tie=Post.id)
    return page.page(await _with_tags(session, page.rows))


async def get_post(session: AsyncSession, post_id: UUID) -> PostRead:
    """Return a post."""
    return await _read(session, Post.id == post_id)


async def update_post(
    session: AsyncSession, post_id: UUID, data: PostUpdate, *, if_match: str | None, user: Principal
) -> PostRead:
    """Change what was sent, provided that the caller has seen the current version."""
    post = await session.scalar(sa.select(Post).where(Post.id == post_id, queries.updatable_by(user)))
    if post is None:
        raise NotFound
    require_match(if_match, post.version)
    changes = data.model_dump(exclude_unset=True, exclude={"tag_ids"})
    if "tag_ids" in data.model_fields_set:
        await session.refresh(post, ["tags"])
        changes["tags"] = await find_referenced(session, sa.select(Tag), data.tag_ids)
        changes["updated_at"] = utc_now()  # the row itself has to change, for its version to count this
    for name, value in changes.items():
        setattr(post, name, value)
    await session.flush()
    return await _read(session, Post.id == post_id)


async def delete_post(session: AsyncSession, post_id: UUID) -> None:
    """Delete a post, unless something refers to it that cannot be without it."""
    statement = sa.delete(Post).where(Post.id == post_id)
    if await session.scalar(statement.returning(Post.id)) is None:
        raise NotFound


async def _read(session: AsyncSession, *conditions: sa.ColumnElement[bool]) -> PostRead:
    row = (await session.execute(queries.select_posts().where(*conditions))).one_or_none()
    if row is None:
        raise NotFound
    return (await _with_tags(session, [row]))[0]


async def _with_tags(session: AsyncSession, rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> list[PostRead]:
    """Add the tags of all rows, in one statement."""
    ids = [row.id for row in rows]
    tags_of = defaultdict[UUID, list[dict[str, Any]]](list)
    for row in await session.execute(queries.select_tags(ids)):
        tags_of[row[0]].append(row._asdict())
    return [PostRead.model_validate(row._asdict() | {"tags": tags_of[row.id]}) for row in rows]
