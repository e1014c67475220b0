"""The tags table."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record


class Tag(Record):
    """A word for products and posts."""

    __tablename__ = "tags"
    __table_args__ = (sa.Index("ix_tags_name", "name", "id"),)

    name: Mapped[str] = mapped_column(sa.String(40), unique=True)
