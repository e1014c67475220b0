"""The posts tables."""

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Record

if TYPE_CHECKING:
    from app.tags.models import Tag
    from app.users.models import User

post_tags = sa.Table(
    "post_tags",
    Base.metadata,
    sa.Column("post_id", sa.ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Post(Record):
    """News about the shop."""

    __tablename__ = "posts"
    __table_args__ = (
        sa.Index("ix_posts_published_at", "published_at", "id"),
        sa.Index("ix_posts_created_at", "created_at", "id"),
    )

    title: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    published_at: Mapped[dt.datetime | None]
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="RESTRICT"), index=True)

    author: Mapped["User"] = relationship(lazy="raise")
    tags: Mapped[list["Tag"]] = relationship(secondary=post_tags, lazy="raise", passive_deletes=True)
