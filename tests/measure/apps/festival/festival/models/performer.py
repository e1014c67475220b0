from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base

if TYPE_CHECKING:
    from .stage import Slot


class Performer(Base):
    __tablename__ = "performers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    slot: Mapped[Slot] = relationship(back_populates="performers")
