from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .db import Base


class Staff(Base):
    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(20), default="courier")   # courier | dispatcher | admin
    depot_id: Mapped[int | None] = mapped_column(ForeignKey("depot.id"))

    depot: Mapped["Depot | None"] = relationship(back_populates="staff")


class Depot(Base):
    __tablename__ = "depot"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    city: Mapped[str] = mapped_column(String(80))

    staff: Mapped[list["Staff"]] = relationship(back_populates="depot")
    parcels: Mapped[list["Parcel"]] = relationship(back_populates="depot")


class Parcel(Base):
    __tablename__ = "parcel"
    __table_args__ = (
        UniqueConstraint("tracking"),
        CheckConstraint("weight_kg > 0"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tracking: Mapped[str] = mapped_column(String(16), index=True)
    recipient: Mapped[str] = mapped_column(String(120))
    weight_kg: Mapped[Decimal] = mapped_column(Numeric(8, 3))
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"))

    depot: Mapped["Depot"] = relationship(back_populates="parcels")
    scans: Mapped[list["Scan"]] = relationship(back_populates="parcel", cascade="all, delete-orphan", order_by="Scan.id")


class Scan(Base):
    __tablename__ = "scan"

    id: Mapped[int] = mapped_column(primary_key=True)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcel.id", ondelete="CASCADE"))
    what: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime] = mapped_column(default=datetime.now)

    parcel: Mapped["Parcel"] = relationship(back_populates="scans")
