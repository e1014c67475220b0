from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from conferly.accounts.models import Account
from conferly.database import Base, Timestamped
from conferly.rooms.models import Room

talk_topics = Table(
    "talk_topics",
    Base.metadata,
    Column("talk_id", ForeignKey("talks.id", ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True),
)


class Topic(Base):
    __tablename__ = "topics"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(40), unique=True)


class Talk(Timestamped, Base):
    __tablename__ = "talks"
    __table_args__ = (Index("ix_talks_room_start", "room_id", "starts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(160))
    abstract: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int] = mapped_column(default=30)
    accepted: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[datetime | None]
    speaker_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id", ondelete="SET NULL"))

    speaker: Mapped[Account] = relationship(back_populates="talks")
    room: Mapped[Room | None] = relationship(back_populates="talks")
    topics: Mapped[list[Topic]] = relationship(secondary=talk_topics, order_by=Topic.label)
