from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from conferly.database import Base

if TYPE_CHECKING:
    from conferly.talks.models import Talk


class Room(Base):
    __tablename__ = "rooms"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    seats: Mapped[int]
    floor: Mapped[int | None]

    talks: Mapped[list[Talk]] = relationship(back_populates="room", order_by="Talk.starts_at")
