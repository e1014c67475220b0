"""Wine estates and what they bottle."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload, sessionmaker

engine = create_engine("sqlite:///vineyard.db")
SessionLocal = sessionmaker(engine)


class Base(DeclarativeBase):
    pass


class Estate(Base):
    __tablename__ = "estates"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    region: Mapped[str] = mapped_column(String(40))
    wines: Mapped[list["Wine"]] = relationship(back_populates="estate", order_by="Wine.id")


class Wine(Base):
    __tablename__ = "wines"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(80))
    vintage: Mapped[int]
    estate_id: Mapped[int] = mapped_column(ForeignKey("estates.id"), index=True)
    estate: Mapped[Estate] = relationship(back_populates="wines")


class WineOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    label: str
    vintage: int


class EstateOut(BaseModel):
    id: int
    name: str
    labels: list[str]


app = FastAPI(title="Vineyards")


def get_session() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


@app.get("/estates")
def list_estates(session: SessionDep) -> list[EstateOut]:
    estates = session.scalars(select(Estate).options(selectinload(Estate.wines)).order_by(Estate.name, Estate.id).limit(100)).all()
    return [
        EstateOut(id=estate.id, name=estate.name, labels=[wine.label for wine in estate.wines]) for estate in estates
    ]


@app.get("/wines", response_model=list[WineOut])
def list_wines(session: SessionDep):
    return session.scalars(select(Wine).order_by(Wine.id).limit(100)).all()
