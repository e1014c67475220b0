"""Telescopes and their observations."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncAttrs, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload

engine = create_async_engine("sqlite+aiosqlite:///./observatory.db")
async_session = async_sessionmaker(engine, expire_on_commit=False)


class Base(AsyncAttrs, DeclarativeBase):
    pass


class Telescope(Base):
    __tablename__ = "telescopes"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    observations: Mapped[list["Observation"]] = relationship(back_populates="telescope", order_by="Observation.id")


class Observation(Base):
    __tablename__ = "observations"

    id: Mapped[int] = mapped_column(primary_key=True)
    target: Mapped[str]
    telescope_id: Mapped[int] = mapped_column(ForeignKey("telescopes.id"))
    telescope: Mapped[Telescope] = relationship(back_populates="observations")


class TelescopeOut(BaseModel):
    name: str
    targets: list[str]


async def get_session() -> AsyncIterator[AsyncSession]:
    async with async_session() as session:
        yield session


app = FastAPI()


@app.get("/telescopes")
async def telescopes(session: Annotated[AsyncSession, Depends(get_session)]) -> list[TelescopeOut]:
    found = (await session.scalars(select(Telescope).options(selectinload(Telescope.observations)).order_by(Telescope.id).limit(100))).all()
    answer: list[TelescopeOut] = []
    for telescope in found:
        observations = await telescope.awaitable_attrs.observations
        answer.append(TelescopeOut(name=telescope.name, targets=[seen.target for seen in observations]))
    return answer
