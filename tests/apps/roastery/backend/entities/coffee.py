from typing import List

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.entities.base import BaseEntity


class Coffee(BaseEntity):
    name: Mapped[str] = mapped_column(String(100), nullable=False, unique=True)
    origin: Mapped[str] = mapped_column(String(60), nullable=False)
    price_cents: Mapped[int] = mapped_column(Integer, nullable=False)
    stock: Mapped[int] = mapped_column(Integer, nullable=False, default=0)

    lines: Mapped[List["OrderLine"]] = relationship("OrderLine", back_populates="coffee")
