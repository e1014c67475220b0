from sqlalchemy.orm import Session, selectinload

from . import models


def get_station(db: Session, station_id: int):
    return db.query(models.Station).filter(models.Station.id == station_id).first()


def get_stations(db: Session, skip: int = 0, limit: int = 100):
    return db.query(models.Station).options(selectinload(models.Station.bikes)).offset(skip).limit(limit).all()


def get_bikes(db: Session, skip: int = 0, limit: int = 100):
    return db.query(models.Bike).offset(skip).limit(limit).all()
