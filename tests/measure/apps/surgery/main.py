"""Visits of a vet's surgery; the tables have keys, and the code has no relationships."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine("sqlite:///surgery.db")


class Base(DeclarativeBase):
    pass


class Animal(Base):
    __tablename__ = "animals"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    species: Mapped[str]


class Visit(Base):
    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date]
    animal_id: Mapped[int] = mapped_column(ForeignKey("animals.id"))


class VisitOut(BaseModel):
    id: int
    on: date
    animal: str


def get_session():
    with Session(engine) as session:
        yield session


app = FastAPI()


@app.get("/visits")
def read_visits(session: Annotated[Session, Depends(get_session)]) -> list[VisitOut]:
    visits = session.scalars(select(Visit).order_by(Visit.on, Visit.id).limit(100)).all()
    answer = []
    for visit in visits:
        animal = session.get(Animal, visit.animal_id)
        answer.append(VisitOut(id=visit.id, on=visit.on, animal=animal.name if animal else "unknown"))
    return answer


@app.get("/animals")
def read_animals(session: Annotated[Session, Depends(get_session)]) -> list[str]:
    return [animal.name for animal in session.scalars(select(Animal).order_by(Animal.id).limit(100))]
