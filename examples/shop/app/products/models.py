"""The products tables."""

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, ExactDecimal, Record
from app.enums import text_enum

if TYPE_CHECKING:
    from app.categories.models import Category
    from app.tags.models import Tag
    from app.users.models import User

product_tags = sa.Table(
    "product_tags",
    Base.metadata,
    sa.Column("product_id", sa.ForeignKey("products.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class ProductStatus(StrEnum):
    """What `Product.status` can be."""

    DRAFT = "draft"
    LIVE = "live"
    SOLD_OUT = "sold-out"


class Product(Record):
    """Something a seller offers."""

    __tablename__ = "products"
    __table_args__ = (
        sa.CheckConstraint('"price" >= 0', name="price"),
        sa.CheckConstraint('"stock" >= 0', name="stock"),
        sa.Index("ix_products_price", "price", "id"),
        sa.Index("ix_products_name", "name", "id"),
        sa.Index("ix_products_created_at", "created_at", "id"),
    )

    name: Mapped[str] = mapped_column(sa.String(120))
    summary: Mapped[str | None] = mapped_column(sa.Text)
    price: Mapped[Decimal] = mapped_column(ExactDecimal(10, 2))
    stock: Mapped[int]
    status: Mapped[ProductStatus] = mapped_column(text_enum(ProductStatus, "status"))
    homepage: Mapped[str | None] = mapped_column(sa.String(2000))
    contact: Mapped[str] = mapped_column(sa.String(254))
    category_id: Mapped[UUID] = mapped_column(sa.ForeignKey("categories.id", ondelete="RESTRICT"), index=True)
    seller_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="RESTRICT"), index=True)

    category: Mapped["Category"] = relationship(lazy="raise")
    seller: Mapped["User"] = relationship(lazy="raise")
    tags: Mapped[list["Tag"]] = relationship(secondary=product_tags, lazy="raise", passive_deletes=True)
