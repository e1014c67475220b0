from typing import Annotated, Any

from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict, computed_field
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship

engine = create_engine("sqlite:///concerts.db")


class Base(DeclarativeBase):
    pass


class Venue(Base):
    __tablename__ = "venue"
    id: Mapped[int] = mapped_column(primary_key=True)
    city: Mapped[str]
    concerts: Mapped[list["Concert"]] = relationship(back_populates="venue")


class Concert(Base):
    __tablename__ = "concert"
    id: Mapped[int] = mapped_column(primary_key=True)
    band: Mapped[str]
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    venue: Mapped[Venue] = relationship(back_populates="concerts")


class VenueOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    city: str


class ConcertOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    band: str
    venue: VenueOut

    @computed_field
    def poster(self) -> str:
        return f"{self.band} live in {self.venue.city}"


class Answer(BaseModel):
    data: list[ConcertOut]


def session():
    with Session(engine) as opened:
        yield opened


def upcoming(db: Annotated[Session, Depends(session)], take: int = 30) -> list[Concert]:
    return list(db.scalars(select(Concert).options(joinedload(Concert.venue)).order_by(Concert.id).limit(take)))


app = FastAPI()


@app.get("/concerts", response_model=Answer)
def concerts(found: Annotated[list[Concert], Depends(upcoming)]) -> Any:
    return {"data": found}
