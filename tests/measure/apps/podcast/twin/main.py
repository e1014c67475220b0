"""Episodes with their guests (loaded with care) and their sponsors (too)."""

from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, create_engine, orm, select
from sqlalchemy.orm import Mapped, Session, mapped_column

engine = create_engine("sqlite:///podcast.db")


class Base(orm.DeclarativeBase):
    pass


class Episode(Base):
    __tablename__ = "episode"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    guests: Mapped[list["Guest"]] = orm.relationship(order_by="Guest.id")
    sponsors: Mapped[list["Sponsor"]] = orm.relationship(order_by="Sponsor.id")


class Guest(Base):
    __tablename__ = "guest"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"))


class Sponsor(Base):
    __tablename__ = "sponsor"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand: Mapped[str]
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"))


class Named(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class GuestOut(Named):
    name: str


class SponsorOut(Named):
    brand: str


class EpisodeOut(Named):
    title: str
    guests: list[GuestOut]
    sponsors: list[SponsorOut]


def open_session():
    with Session(engine) as session:
        yield session


app = FastAPI()


@app.get("/episodes")
def episodes(session: Annotated[Session, Depends(open_session)], last: int = 50) -> list[EpisodeOut]:
    newest = session.scalars(
        select(Episode)
        .options(orm.selectinload(Episode.guests), orm.selectinload(Episode.sponsors))
        .order_by(Episode.id.desc())
        .limit(last)
    )
    return [EpisodeOut.model_validate(episode) for episode in newest]
