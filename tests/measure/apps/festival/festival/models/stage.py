from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base

if TYPE_CHECKING:
    from .performer import Performer


class Stage(Base):
    __tablename__ = "stages"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    slots: Mapped[list[Slot]] = relationship(back_populates="stage", order_by="Slot.id")


class Slot(Base):
    __tablename__ = "slots"

    id: Mapped[int] = mapped_column(primary_key=True)
    starts: Mapped[str]
    stage_id: Mapped[int] = mapped_column(ForeignKey("stages.id"))
    stage: Mapped[Stage] = relationship(back_populates="slots")
    performers: Mapped[list[Performer]] = relationship(back_populates="slot", order_by="Performer.id")
