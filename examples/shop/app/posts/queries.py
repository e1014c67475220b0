"""Statements about posts: what is read, and whose rows a caller may reach."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.auth.dependencies import Principal
from app.auth.roles import Permission
from app.pagination import SortKey, search_filter
from app.posts.models import Post, post_tags
from app.posts.schemas import PostFilters
from app.reference_columns import Reference
from app.tags.models import Tag
from app.users.models import User

_FILTERS: Mapping[str, Callable[[Any], sa.ColumnElement[bool]]] = {
    "author_id": lambda value: Post.author_id == value,
}


@cache
def select_posts() -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that reads all that a post shows, in one row; built once."""
    return sa.select(
        Post.id,
        Post.title,
        Post.body,
        Post.published_at,
        Reference("author", User.id, User.display_name),
        Post.created_at,
        Post.updated_at,
        Post.version,
    ).join(Post.author)


def select_tags(ids: Sequence[UUID]) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that reads the tags of some posts, each with the post as `_of`."""
    return (
        sa.select(post_tags.c.post_id.label("_of"), Tag.id, Tag.name)
        .join(Tag, Tag.id == post_tags.c.tag_id)
        .where(post_tags.c.post_id.in_(ids))
        .order_by(Tag.name, Tag.id)
    )


def updatable_by(user: Principal) -> sa.ColumnElement[bool]:
    """Tell the rows that the caller may update: their own, or everybody's with the permission for it."""
    if user.can(Permission.POSTS_UPDATE_ANY):
        return sa.true()
    return Post.author_id == user.user_id


def matching(filters: PostFilters) -> list[sa.ColumnElement[bool]]:
    """Return one condition for each filter that was given."""
    given = filters.model_dump(include=set(_FILTERS), exclude_unset=True)
    conditions = [_FILTERS[name](value) for name, value in given.items()]
    if "q" in filters.model_fields_set:
        conditions.append(search_filter(filters.q, Post.title, Post.body))
    return conditions


def sort_keys() -> dict[str, SortKey]:
    """Return the columns that the list may be sorted by."""
    return {
        "published_at": SortKey(Post.published_at, dt.datetime, nullable=True),
        "created_at": SortKey(Post.created_at, dt.datetime),
    }
