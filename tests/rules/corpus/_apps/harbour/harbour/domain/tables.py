from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harbour.infra.db import Base


class Skipper(Base):
    __tablename__ = "skippers"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(200), unique=True)
    password_digest: Mapped[str]
    is_harbour_master: Mapped[bool] = mapped_column(default=False)
    reset_token_digest: Mapped[str | None] = mapped_column(default=None)
    joined_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), default=datetime.utcnow)  # found: naive-datetime
    boats: Mapped[list[Boat]] = relationship(back_populates="skipper")


class Boat(Base):
    __tablename__ = "boats"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    length_m: Mapped[float]
    skipper_id: Mapped[int] = mapped_column(sa.ForeignKey("skippers.id", ondelete="CASCADE"), index=True)
    berth_id: Mapped[int | None] = mapped_column(sa.ForeignKey("berths.id"))  # found: unindexed-foreign-key
    skipper: Mapped[Skipper] = relationship(back_populates="boats")
    fees: Mapped[list[Fee]] = relationship()


class Berth(Base):
    __tablename__ = "berths"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(8), unique=True)
    depth: Mapped[float]


class Fee(Base):
    __tablename__ = "fees"

    id: Mapped[int] = mapped_column(primary_key=True)
    boat_id: Mapped[int] = mapped_column(sa.ForeignKey("boats.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(sa.Numeric(10, 2))
    paid_amount: Mapped[float] = mapped_column(sa.Float)  # found: float-money
    due: Mapped[datetime] = mapped_column(
        sa.DateTime(timezone=True), default=lambda: datetime.now(tz=timezone.utc)
    )
