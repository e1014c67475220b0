"""Car parks; whoever looks is counted."""

from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

engine = create_engine("sqlite:///parking.db")
SessionLocal = sessionmaker(engine)


class Base(DeclarativeBase):
    pass


class CarPark(Base):
    __tablename__ = "car_parks"
    id: Mapped[int] = mapped_column(primary_key=True)
    street: Mapped[str]
    spaces: Mapped[int]


class Look(Base):
    __tablename__ = "looks"
    id: Mapped[int] = mapped_column(primary_key=True)
    seen: Mapped[int]


def get_db():
    with SessionLocal() as db:
        yield db


app = FastAPI()


@app.get("/parks")
def parks(db: Annotated[Session, Depends(get_db)]) -> list[dict[str, str | int]]:
    found = db.scalars(select(CarPark).order_by(CarPark.id).limit(100)).all()
    db.add(Look(seen=len(found)))
    db.commit()
    return [{"street": park.street, "spaces": park.spaces} for park in found]
