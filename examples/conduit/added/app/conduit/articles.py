"""Articles with their slugs, fans, tags and comments."""

import re
import secrets
import unicodedata
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.articles.models import Article, article_fans
from app.comments.models import Comment
from app.conduit import queries, schemas
from app.conduit.accounts import toggled
from app.conduit.errors import Refused
from app.conduit.schemas import ArticleAnswer, ArticleChanges, ArticleList, CommentAnswer, CommentList, PageParams
from app.database import utc_now
from app.tags.models import Tag

Row = sa.Row[*tuple[Any, ...]]


async def list_articles(
    session: AsyncSession, viewer: UUID | None, page: PageParams, *conditions: sa.ColumnElement[bool]
) -> ArticleList:
    """Return a page of articles, the newest first."""
    statement = queries.select_articles(viewer).where(*conditions)
    total = await session.scalar(
        sa.select(sa.func.count()).select_from(Article).join(Article.author).where(*conditions)
    )
    newest = statement.order_by(Article.created_at.desc(), Article.id).limit(page.limit).offset(page.offset)
    articles = await _with_tags(session, (await session.execute(newest)).all())
    return ArticleList.model_validate({"articles": articles, "articles_count": total})


async def get_article(session: AsyncSession, slug: str, viewer: UUID | None) -> ArticleAnswer:
    """Return an article."""
    rows = await _with_tags(session, [await _row(session, slug, viewer)])
    return ArticleAnswer.model_validate({"article": rows[0]})


async def create_article(session: AsyncSession, viewer: UUID | None, data: schemas.NewArticle) -> ArticleAnswer:
    """Store an article of the viewer."""
    article = Article(
        **data.model_dump(exclude={"tag_list"}),
        slug=_slug(data.title),
        author_id=viewer,
        tags=await _tags(session, data.tag_list),
    )
    session.add(article)
    await session.flush()
    return await get_article(session, article.slug, viewer)


async def update_article(
    session: AsyncSession, slug: str, viewer: UUID | None, changes: ArticleChanges
) -> ArticleAnswer:
    """Change what was sent; a new title makes a new slug."""
    article = await _own_article(session, slug, viewer)
    values = changes.model_dump(exclude_unset=True, exclude={"tag_list"})
    if values.get("title", article.title) != article.title:
        values["slug"] = _slug(changes.title)
    if "tag_list" in changes.model_fields_set:
        await session.refresh(article, ["tags"])
        values |= {"tags": await _tags(session, changes.tag_list), "updated_at": utc_now()}
    for name, value in values.items():
        setattr(article, name, value)
    await session.flush()
    return await get_article(session, article.slug, viewer)


async def delete_article(session: AsyncSession, slug: str, viewer: UUID | None) -> None:
    """Delete an article, with what was said about it."""
    article = await _own_article(session, slug, viewer)
    await session.execute(sa.delete(Comment).where(Comment.article_id == article.id))
    await session.execute(sa.delete(Article).where(Article.id == article.id))


async def set_favorite(session: AsyncSession, slug: str, viewer: UUID | None, *, favorite: bool) -> ArticleAnswer:
    """Count the viewer among the fans of an article, or no longer."""
    row = await _row(session, slug, viewer)
    if row.favorited != favorite:
        pair = {"article_id": row.id, "fan_id": viewer}
        await session.execute(toggled(article_fans, pair, present=favorite))
    return await get_article(session, slug, viewer)


async def list_comments(session: AsyncSession, slug: str, viewer: UUID | None) -> CommentList:
    """Return what was said about an article, the oldest first."""
    article = await _row(session, slug, viewer)
    statement = queries.select_comments(viewer).where(Comment.article_id == article.id)
    rows = await session.execute(statement.order_by(Comment.created_at, Comment.id).limit(1000))
    return CommentList(comments=[_comment(row) for row in rows])


async def create_comment(
    session: AsyncSession, slug: str, viewer: UUID | None, data: schemas.NewComment
) -> CommentAnswer:
    """Store a comment of the viewer."""
    article = await _row(session, slug, viewer)
    comment = Comment(body=data.body, number=secrets.randbits(53), article_id=article.id, author_id=viewer)
    session.add(comment)
    await session.flush()
    row = (await session.execute(queries.select_comments(viewer).where(Comment.id == comment.id))).one()
    return CommentAnswer(comment=_comment(row))


async def delete_comment(session: AsyncSession, slug: str, number: int, viewer: UUID | None) -> None:
    """Delete a comment of the viewer."""
    article = await _row(session, slug, viewer)
    comment = await session.scalar(sa.select(Comment).where(Comment.number == number, Comment.article_id == article.id))
    if comment is None:
        raise Refused(404, "comment", "not found")
    if comment.author_id != viewer:
        raise Refused(403, "comment", "forbidden")
    await session.delete(comment)


async def list_tags(session: AsyncSession) -> schemas.TagList:
    """Return the names of all tags."""
    return schemas.TagList(tags=list(await session.scalars(sa.select(Tag.name).order_by(Tag.name).limit(1000))))


def feed_of(viewer: UUID | None) -> sa.ColumnElement[bool]:
    """Tell the articles of those whom the viewer follows."""
    return queries.followed_by(viewer) if viewer else sa.false()


async def _row(session: AsyncSession, slug: str, viewer: UUID | None) -> Row:
    row = (await session.execute(queries.select_articles(viewer).where(Article.slug == slug))).one_or_none()
    if row is None:
        raise Refused(404, "article", "not found")
    return row


async def _own_article(session: AsyncSession, slug: str, viewer: UUID | None) -> Article:
    article = await session.scalar(sa.select(Article).where(Article.slug == slug))
    if article is None:
        raise Refused(404, "article", "not found")
    if article.author_id != viewer:
        raise Refused(403, "article", "forbidden")
    return article


async def _with_tags(session: AsyncSession, rows: Sequence[Row]) -> list[dict[str, Any]]:
    tags: dict[UUID, list[str]] = {row.id: [] for row in rows}
    for article_id, name in await session.execute(queries.select_tags(list(tags))):
        tags[article_id].append(name)
    return [row._asdict() | {"tag_list": tags[row.id], "author": _author(row)} for row in rows]


def _comment(row: Row) -> schemas.Comment:
    return schemas.Comment.model_validate(row._asdict() | {"author": _author(row)})


def _author(row: Row) -> schemas.Profile:
    return schemas.Profile.model_validate(row._asdict())


async def _tags(session: AsyncSession, names: list[str]) -> list[Tag]:
    """Return the tags of these names; those that are not there yet are made."""
    known = {tag.name: tag for tag in await session.scalars(sa.select(Tag).where(Tag.name.in_(names)))}
    return [known.get(name) or Tag(name=name) for name in dict.fromkeys(names)]


def _slug(title: str) -> str:
    """Return the title for an address, with an end that keeps articles of the same title apart."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join([*words, secrets.token_hex(4)])
