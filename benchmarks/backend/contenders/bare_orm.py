"""FastAPI with SQLAlchemy's async ORM as its documentation shows it, and nothing of a platform around it."""

import os
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
from anyio import to_thread
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pwdlib import PasswordHash
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import DateTime, ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship

SECRET = os.environ["SECRET_KEY"]
engine = create_async_engine(os.environ["DATABASE_URL"], pool_size=int(os.environ["CONNECTIONS"]), max_overflow=0)
sessions = async_sessionmaker(engine, expire_on_commit=False)
hasher = PasswordHash.recommended()
app = FastAPI()


def now() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """The root of the tables."""


class User(Base):
    """The users table."""

    __tablename__ = "users"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    password_hash: Mapped[str]
    display_name: Mapped[str]
    is_active: Mapped[bool]


class Item(Base):
    """The items table."""

    __tablename__ = "items"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    title: Mapped[str]
    description: Mapped[str | None]
    quantity: Mapped[int]
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    version: Mapped[int] = mapped_column(default=1)
    owner: Mapped[User] = relationship()


class UserRead(BaseModel):
    """A user within an item."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    display_name: str


class ItemCreate(BaseModel):
    """What makes an item."""

    title: str = Field(min_length=1, max_length=200)
    description: str | None = Field(default=None, max_length=2000)
    quantity: int = Field(default=1, ge=0)


class ItemRead(ItemCreate):
    """An item, as it is shown."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    owner: UserRead
    created_at: datetime
    updated_at: datetime
    version: int


class Items(BaseModel):
    """A page of items."""

    items: list[ItemRead]


async def get_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]


async def get_user(session: SessionDep, token: Annotated[str, Depends(OAuth2PasswordBearer("token"))]) -> User:
    try:
        claims = jwt.decode(token, SECRET, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    user = await session.get(User, uuid.UUID(claims["sub"]))
    if user is None or not user.is_active:
        raise HTTPException(401)
    return user


UserDep = Annotated[User, Depends(get_user)]


@app.post("/api/v1/auth/token")
async def log_in(session: SessionDep, form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
    user = await session.scalar(select(User).where(User.email == form.username))
    if user is None or not await to_thread.run_sync(hasher.verify, form.password, user.password_hash):
        raise HTTPException(401)
    return {"access_token": jwt.encode({"sub": str(user.id), "exp": now() + timedelta(hours=1)}, SECRET, "HS256")}


@app.get("/api/v1/items", response_model=Items)
async def list_items(session: SessionDep, _user: UserDep, limit: int = 50) -> dict[str, object]:
    newest = select(Item).options(joinedload(Item.owner, innerjoin=True)).order_by(Item.created_at.desc())
    return {"items": (await session.scalars(newest.limit(limit))).all()}


@app.get("/api/v1/items/{item_id}", response_model=ItemRead)
async def read_item(session: SessionDep, user: UserDep, item_id: uuid.UUID) -> Item:
    item = await session.get(Item, item_id, options=[joinedload(Item.owner, innerjoin=True)])
    if item is None or item.owner_id != user.id:
        raise HTTPException(404)
    return item


@app.post("/api/v1/items", response_model=ItemRead, status_code=201)
async def create_item(session: SessionDep, user: UserDep, data: ItemCreate) -> Item:
    item = Item(**data.model_dump(), owner=user)
    session.add(item)
    await session.commit()
    return item
