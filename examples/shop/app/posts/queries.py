"""Statements about posts: what is read, and whose rows a caller may reach."""

import datetime as dt
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.auth.dependencies import Principal
from app.auth.roles import Permission
from app.pagination import SEARCH, ListStatement, SortKey, search_filter
from app.posts.models import Post, post_tags
from app.reference_columns import within
from app.tags.models import Tag
from app.users.models import User


@cache
def select_posts() -> sa.Select[*tuple[Any, ...]]:
    """Return what reads all that a post shows, in one row: built once, since only parameters differ."""
    return sa.select(
        Post.id,
        Post.title,
        Post.body,
        Post.published_at,
        *within("author", User.id, User.display_name),
        Post.created_at,
        Post.updated_at,
        Post.version,
    ).join(Post.author)


@cache
def select_post_by_id() -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that reads the post `:id`."""
    return select_posts().where(Post.id == sa.bindparam("id"))


@cache
def select_post_tags() -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that reads the tags of the posts `:ids`, each with the post as `_of`."""
    return (
        sa.select(post_tags.c.post_id.label("_of"), Tag.id, Tag.name)
        .join(Tag, Tag.id == post_tags.c.tag_id)
        .where(post_tags.c.post_id.in_(sa.bindparam("ids", expanding=True)))
        .order_by(Tag.name, Tag.id)
    )


def updatable_by(user: Principal) -> sa.ColumnElement[bool]:
    """Tell the rows that the caller may update: their own, or everybody's with the permission for it."""
    if user.can(Permission.POSTS_UPDATE_ANY):
        return sa.true()
    return Post.author_id == user.user_id


@cache
def listing() -> ListStatement:
    """Return what the list shows, and how it can be narrowed and sorted."""
    return ListStatement(
        select_posts(),
        keys={
            "published_at": SortKey(Post.published_at, dt.datetime, nullable=True),
            "created_at": SortKey(Post.created_at, dt.datetime),
        },
        tie=Post.id,
        filters={
            "author_id": Post.author_id == sa.bindparam("author_id"),
            SEARCH: search_filter(
                Post.title,
                Post.body,
            ),
        },
    )
