from sqlalchemy import Boolean, Column, ForeignKey, Integer, String
from sqlalchemy.orm import relationship

from .database import Base


class Station(Base):
    __tablename__ = "stations"

    id = Column(Integer, primary_key=True, index=True)
    name = Column(String, unique=True, index=True)
    is_open = Column(Boolean, default=True)

    bikes = relationship("Bike", back_populates="station")


class Bike(Base):
    __tablename__ = "bikes"

    id = Column(Integer, primary_key=True, index=True)
    model = Column(String, index=True)
    station_id = Column(Integer, ForeignKey("stations.id"))

    station = relationship("Station", back_populates="bikes")
