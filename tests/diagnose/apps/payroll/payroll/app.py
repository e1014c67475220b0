import datetime as dt
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Annotated, Optional

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, EmailStr, Field, StrictBool, field_validator
from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

engine = create_async_engine("sqlite+aiosqlite:///payroll.db")
Session = async_sessionmaker(engine, expire_on_commit=False)
API_TOKEN = "payroll-secret-token"


class Base(DeclarativeBase):
    pass


class Team(Base):
    __tablename__ = "team"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    lead: Mapped[Optional[str]]
    people: Mapped[list["Person"]] = relationship(back_populates="team")


class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    salary: Mapped[Decimal]
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    team: Mapped[Team] = relationship(back_populates="people")


async def db() -> AsyncIterator[AsyncSession]:
    async with Session() as session:
        yield session


Db = Annotated[AsyncSession, Depends(db)]


class PersonIn(BaseModel):
    email: EmailStr
    salary: Decimal = Field(gt=0, max_digits=8, decimal_places=2)
    team_id: int
    nickname: Optional[str]


class PersonOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    email: str
    salary: Decimal


class TeamIn(BaseModel):
    name: str = Field(min_length=3)


class TeamOut(BaseModel):
    id: int
    name: str
    lead: str


class TeamFull(BaseModel):
    id: int
    name: str
    people: list[PersonOut]


class Shift(BaseModel):
    starts: AwareDatetime
    ends: AwareDatetime
    paid: StrictBool
    day: dt.date

    @field_validator("ends")
    @classmethod
    def short(cls, value, info):
        start = info.data.get("starts")
        if start and value - start > dt.timedelta(hours=10):
            raise ValueError("a shift lasts ten hours at most")
        return value


class Move(BaseModel):
    person_id: int
    team_id: int


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield


api = APIRouter(prefix="/api")


def checked(request: Request):
    given = request.headers.get("authorization", "")
    if not given.startswith("Token "):
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Authorization: Token … is missing")
    if not secrets.compare_digest(given.removeprefix("Token "), API_TOKEN):
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "wrong token")


@api.post("/people", status_code=201, response_model=PersonOut)
async def hire(data: PersonIn, db: Db):
    if await db.get(Team, data.team_id) is None:
        raise HTTPException(422, f"team {data.team_id} does not exist")
    if await db.scalar(select(Person).where(Person.email == data.email)):
        raise HTTPException(409, "this address is taken")
    person = Person(email=data.email, salary=data.salary, team_id=data.team_id)
    db.add(person)
    await db.commit()
    return person


@api.get("/people/{person_id}", response_model=PersonOut)
async def person(person_id: int, db: Db):
    found = await db.get(Person, person_id)
    if found is None:
        raise HTTPException(404)
    return found


@api.get("/people/me")
async def me(request: Request):
    checked(request)
    return {"me": True}


@api.post("/teams", status_code=201, response_model=TeamIn)
async def found_team(data: TeamIn, request: Request, db: Db):
    checked(request)
    if await db.scalar(select(Team).where(Team.name == data.name)):
        raise HTTPException(409, "there is a team of this name")
    db.add(Team(name=data.name))
    await db.commit()
    return data


@api.get("/teams/{team_id}", response_model=TeamOut)
async def team(team_id: int, db: Db):
    found = await db.get(Team, team_id)
    if found is None:
        raise HTTPException(404, "no team")
    return found


@api.get("/teams/{team_id}/full", response_model=TeamFull)
async def full_team(team_id: int, db: Db):
    found = await db.scalar(select(Team).where(Team.id == team_id))
    if found is None:
        raise HTTPException(404, "no team")
    return found


@api.put("/moves")
async def move(data: Move, db: Db, response: Response):
    person = await db.get(Person, data.person_id)
    if person is None:
        raise HTTPException(404, "nobody")
    if person.team_id == data.team_id:
        raise HTTPException(409, "already there")
    person.team_id = data.team_id
    await db.commit()
    return {"moved": True}


@api.post("/shifts")
async def shift(data: Shift):
    return {"hours": (data.ends - data.starts).total_seconds() / 3600}


@api.post("/hooks/{name}")
async def hook(name: str, request: Request):
    if request.headers.get("x-signature") is None:
        raise HTTPException(403, "signature missing")
    body = await request.json()
    return {"got": body["event"]}


app = FastAPI(lifespan=lifespan)
app.include_router(api)
