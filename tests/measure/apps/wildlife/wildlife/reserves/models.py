from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..core import Base


class Reserve(Base):
    __tablename__ = "reserves"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    sightings: Mapped[list["Sighting"]] = relationship(back_populates="reserve", order_by="Sighting.id")


class Sighting(Base):
    __tablename__ = "sightings"

    id: Mapped[int] = mapped_column(primary_key=True)
    species: Mapped[str]
    reserve_id: Mapped[int] = mapped_column(ForeignKey("reserves.id"))
    reserve: Mapped[Reserve] = relationship(back_populates="sightings")
