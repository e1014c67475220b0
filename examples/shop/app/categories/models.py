"""The categories table."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Record


class Category(Record):
    """A shelf of the shop, which may be part of another."""

    __tablename__ = "categories"
    __table_args__ = (
        sa.Index("ix_categories_name", "name", "id"),
        sa.Index("ix_categories_created_at", "created_at", "id"),
    )

    name: Mapped[str] = mapped_column(sa.String(80), unique=True)
    parent_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("categories.id", ondelete="SET NULL"), index=True)

    parent: Mapped["Category | None"] = relationship(foreign_keys=[parent_id], remote_side="Category.id", lazy="raise")
