"""The orders table."""

from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import ExactDecimal, Record

if TYPE_CHECKING:
    from app.products.models import Product
    from app.users.models import User


class Order(Record):
    """What somebody bought; nobody else sees it."""

    __tablename__ = "orders"
    __table_args__ = (
        sa.CheckConstraint('"quantity" >= 1 AND "quantity" <= 1000', name="quantity"),
        sa.CheckConstraint('"unit_price" >= 0', name="unit_price"),
        sa.Index("ix_orders_quantity", "quantity", "id"),
        sa.Index("ix_orders_created_at", "created_at", "id"),
    )

    quantity: Mapped[int]
    unit_price: Mapped[Decimal] = mapped_column(ExactDecimal(10, 2))
    paid: Mapped[bool]
    note: Mapped[str | None] = mapped_column(sa.Text)
    product_id: Mapped[UUID] = mapped_column(sa.ForeignKey("products.id", ondelete="RESTRICT"), index=True)
    buyer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="RESTRICT"), index=True)

    product: Mapped["Product"] = relationship(lazy="raise")
    buyer: Mapped["User"] = relationship(lazy="raise")
