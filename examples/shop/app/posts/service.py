"""What can be done with posts."""

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
from app.posts import queries
from app.posts.models import Post
from app.posts.schemas import PostCreate, PostFilters, PostRead, PostUpdate
from app.reference_columns import find_referenced, nested
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
    return await _read(await session.connection(), queries.select_post_by_id(), id=post.id)


async def list_posts(database: Database, filters: PostFilters) -> Page[PostRead]:
    """Return one page of posts."""
    async with database.read() as connection:
        page = await paginate(connection, queries.listing(), params=filters, sort=filters.sort)
        return page.page(await _shown(connection, page.rows))


async def get_post(database: Database, post_id: UUID) -> PostRead:
    """Return a post."""
    async with database.read() as connection:
        return await _read(connection, queries.select_post_by_id(), id=post_id)


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
    return await _read(await session.connection(), queries.select_post_by_id(), id=post_id)


async def delete_post(session: AsyncSession, post_id: UUID) -> None:
    """Delete a post, unless something refers to it that cannot be without it."""
    statement = sa.delete(Post).where(Post.id == post_id)
    if await session.scalar(statement.returning(Post.id)) is None:
        raise NotFound


async def _read(connection: AsyncConnection, statement: sa.Select[*tuple[Any, ...]], **values: UUID) -> PostRead:
    rows = (await connection.execute(statement, values)).all()
    if not rows:
        raise NotFound
    return (await _shown(connection, rows))[0]


async def _shown(connection: AsyncConnection, rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> list[PostRead]:
    """Return rows as they are shown, with the tags of all of them in one statement."""
    ids = [row.id for row in rows]
    tags_of = defaultdict[UUID, list[dict[str, Any]]](list)
    for row in await connection.execute(queries.select_post_tags(), {"ids": ids}):
        tags_of[row[0]].append(row._asdict())
    return [PostRead.model_validate(item | {"tags": tags_of[item["id"]]}) for item in nested(rows)]
