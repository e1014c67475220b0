import enum
import os
import uuid
from datetime import datetime, timezone

import sqlalchemy as sa
from sqlalchemy import orm

engine = sa.create_engine(
    os.environ.get("METERBOX_DSN", "sqlite:///meterbox.db"), connect_args={"check_same_thread": False}
)
SessionFactory = orm.sessionmaker(bind=engine, autoflush=False)

Base = orm.declarative_base()


def utcnow():
    return datetime.now(timezone.utc)


class Unit(enum.Enum):
    KWH = "kWh"
    M3 = "m3"
    LITRE = "l"


class Device(Base):
    """The box in the cellar. It has an API key, and may only write."""

    __tablename__ = "device"

    id = sa.Column(sa.Uuid, primary_key=True, default=uuid.uuid4)
    label = sa.Column(sa.String(100), nullable=False)
    api_key = sa.Column(sa.String(64), nullable=False, unique=True)
    is_admin = sa.Column(sa.Boolean, nullable=False, default=False)

    meters = orm.relationship("Meter", back_populates="device", lazy="selectin")

    def __repr__(self):
        return f"<Device {self.label}>"


class Meter(Base):
    __tablename__ = "meter"

    id = sa.Column(sa.Integer, primary_key=True)
    serial = sa.Column(sa.String(40), nullable=False, unique=True)
    unit = sa.Column(sa.Enum(Unit), nullable=False)
    public = sa.Column(sa.Boolean, nullable=False, default=False)
    device_id = sa.Column(sa.Uuid, sa.ForeignKey("device.id"), nullable=False, index=True)

    device = orm.relationship("Device", back_populates="meters")
    readings = orm.relationship(
        "Reading", back_populates="meter", order_by="Reading.taken_at", cascade="all, delete-orphan"
    )


class Reading(Base):
    __tablename__ = "reading"
    __table_args__ = (sa.UniqueConstraint("meter_id", "taken_at"),)

    id = sa.Column(sa.Integer, primary_key=True)
    meter_id = sa.Column(sa.Integer, sa.ForeignKey("meter.id", ondelete="CASCADE"), nullable=False)
    value = sa.Column(sa.Float, nullable=False)
    taken_at = sa.Column(sa.DateTime, nullable=False, default=utcnow)

    meter = orm.relationship("Meter", back_populates="readings")


def get_session():
    session = SessionFactory()
    try:
        yield session
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()
