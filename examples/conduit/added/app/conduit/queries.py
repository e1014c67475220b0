"""Statements of the Conduit API. The viewer is a profile, or nobody."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.articles.models import Article, article_fans, article_tags
from app.comments.models import Comment
from app.conduit.schemas import ArticleFilters
from app.profiles.models import Profile, profile_followed
from app.tags.models import Tag
from app.users.models import User

Statement = sa.Select[*tuple[Any, ...]]

_fan = sa.orm.aliased(Profile)


def select_account(user_id: UUID) -> Statement:
    """Select what users see of themselves."""
    return (
        sa.select(Profile.username, User.email, Profile.bio, Profile.image)
        .join(Profile.user)
        .where(Profile.user_id == user_id)
    )


def select_profile(username: str, viewer: UUID | None) -> Statement:
    """Select a profile as the viewer sees it."""
    return sa.select(Profile.id, *_profile(viewer)).where(Profile.username == username)


def select_articles(viewer: UUID | None) -> Statement:
    """Select what articles show to the viewer, but for their tags."""
    fans = sa.select(sa.func.count()).where(article_fans.c.article_id == Article.id)
    is_fan = sa.exists().where(article_fans.c.article_id == Article.id, article_fans.c.fan_id == viewer)
    return sa.select(
        Article.id,
        Article.author_id,
        Article.slug,
        Article.title,
        Article.description,
        Article.body,
        Article.created_at,
        Article.updated_at,
        is_fan.label("favorited"),
        fans.scalar_subquery().label("favorites_count"),
        *_profile(viewer),
    ).join(Article.author)


def select_tags(article_ids: list[UUID]) -> Statement:
    """Select the names of the tags of some articles, each with its article."""
    names = sa.select(article_tags.c.article_id, Tag.name).join(Tag, Tag.id == article_tags.c.tag_id)
    return names.where(article_tags.c.article_id.in_(article_ids)).order_by(Tag.name)


def select_comments(viewer: UUID | None) -> Statement:
    """Select what comments show to the viewer."""
    return sa.select(
        Comment.number.label("id"),
        Comment.body,
        Comment.created_at,
        Comment.updated_at,
        Comment.author_id,
        *_profile(viewer),
    ).join(Comment.author)


def matching(filters: ArticleFilters) -> list[sa.ColumnElement[bool]]:
    """Return one condition for each filter that was given."""
    conditions = {
        "tag": Article.id.in_(sa.select(article_tags.c.article_id).join(Tag).where(Tag.name == filters.tag)),
        "author": Profile.username == filters.author,
        "favorited": Article.id.in_(
            sa.select(article_fans.c.article_id).where(
                article_fans.c.fan_id == sa.select(_fan.id).where(_fan.username == filters.favorited).scalar_subquery()
            )
        ),
    }
    return [condition for name, condition in conditions.items() if getattr(filters, name) is not None]


def followed_by(viewer: UUID) -> sa.ColumnElement[bool]:
    """Tell the profiles that the viewer follows."""
    return Profile.id.in_(sa.select(profile_followed.c.followed_id).where(profile_followed.c.profile_id == viewer))


def _profile(viewer: UUID | None) -> tuple[Any, ...]:
    following = followed_by(viewer) if viewer else sa.false()
    return Profile.username, Profile.bio, Profile.image, following.label("following")
