from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine("sqlite:///courier.db")


class Base(DeclarativeBase):
    pass


class Driver(Base):
    __tablename__ = "drivers"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Tour(Base):
    __tablename__ = "tours"
    id: Mapped[int] = mapped_column(primary_key=True)
    stops: Mapped[int]
    driver_id: Mapped[int] = mapped_column(ForeignKey("drivers.id"))


class TourOut(BaseModel):
    stops: int
    driver: str


def get_db():
    with Session(engine) as db:
        yield db


def driver_name(db: Session, driver_id: int) -> str:
    driver = db.get(Driver, driver_id)
    return driver.name if driver else "nobody"


app = FastAPI()


@app.get("/tours")
def tours(db: Session = Depends(get_db)) -> list[TourOut]:
    statement = select(Tour.stops, Driver.name).join(Driver, Driver.id == Tour.driver_id).order_by(Tour.id).limit(100)
    return [TourOut(stops=stops, driver=name) for stops, name in db.execute(statement)]


@app.get("/tours/{tour_id}/driver")
def driver(tour_id: int, db: Session = Depends(get_db)) -> str:
    tour = db.get(Tour, tour_id)
    return driver_name(db, tour.driver_id) if tour else "nobody"
