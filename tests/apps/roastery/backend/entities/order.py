from datetime import datetime
from typing import List

from sqlalchemy import DateTime, ForeignKey, Integer, String, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.entities.base import BaseEntity
from backend.entities.coffee import Coffee


class Order(BaseEntity):
    customer_email: Mapped[str] = mapped_column(String(200), nullable=False)
    state: Mapped[str] = mapped_column(String(20), nullable=False, default="new")
    created_at: Mapped[datetime] = mapped_column(DateTime, nullable=False, server_default=func.now())

    lines: Mapped[List["OrderLine"]] = relationship("OrderLine", back_populates="order", cascade="all, delete-orphan")


class OrderLine(BaseEntity):
    __tablename__ = "order_lines"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), nullable=False)
    coffee_id: Mapped[int] = mapped_column(ForeignKey("coffees.id"), nullable=False)
    bags: Mapped[int] = mapped_column(Integer, nullable=False)

    order: Mapped["Order"] = relationship("Order", back_populates="lines")
    coffee: Mapped["Coffee"] = relationship(Coffee, back_populates="lines")
