"""Guests of an inn. The rows themselves are the answer, with whatever has been loaded of them by then."""

from fastapi import Depends, FastAPI
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

engine = create_engine("sqlite:///guestbook.db")


class Base(DeclarativeBase):
    pass


class Guest(Base):
    __tablename__ = "guests"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    stays: Mapped[list["Stay"]] = relationship(order_by="Stay.id")


class Stay(Base):
    __tablename__ = "stays"
    id: Mapped[int] = mapped_column(primary_key=True)
    nights: Mapped[int]
    guest_id: Mapped[int] = mapped_column(ForeignKey("guests.id"))


def get_db():
    with Session(engine) as db:
        yield db


app = FastAPI()


@app.get("/guests")
def guests(db: Session = Depends(get_db)):
    found = db.scalars(select(Guest).order_by(Guest.id).limit(100)).all()
    regulars = sum(len(guest.stays) > 1 for guest in found if guest.id % 2)
    return {"regulars": regulars, "guests": found}
