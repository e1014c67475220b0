"""The official full-stack template's way, in our words: `def` endpoints, SQLModel, a sync session, psycopg.

It has what the template has: CORS, and the server's access log. Owners are loaded in one more statement for a list; the
template itself shows none.
"""

import os
import uuid
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pwdlib import PasswordHash
from sqlalchemy import DateTime
from sqlalchemy.orm import selectinload
from sqlmodel import Field, Relationship, Session, SQLModel, col, create_engine, func, select

SECRET = os.environ["SECRET_KEY"]
engine = create_engine(os.environ["DATABASE_URL"], pool_size=int(os.environ["CONNECTIONS"]), max_overflow=0)
hasher = PasswordHash.recommended()
app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["http://localhost:5173"],
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)


def now() -> datetime:
    return datetime.now(UTC)


class UserBase(SQLModel):
    """What others see of a user."""

    display_name: str


class User(UserBase, table=True):
    """The users table."""

    __tablename__ = "users"

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    email: str
    password_hash: str
    is_active: bool = True
    items: list["Item"] = Relationship(back_populates="owner")


class UserPublic(UserBase):
    """A user within an item."""

    id: uuid.UUID


class ItemBase(SQLModel):
    """What every form of an item has."""

    title: str = Field(min_length=1, max_length=200)
    description: str | None = Field(default=None, max_length=2000)
    quantity: int = Field(default=1, ge=0)


class Item(ItemBase, table=True):
    """The items table."""

    __tablename__ = "items"

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    updated_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    version: int = 1
    owner_id: uuid.UUID = Field(foreign_key="users.id")
    owner: User = Relationship(back_populates="items")


class ItemPublic(ItemBase):
    """An item, as it is shown."""

    id: uuid.UUID
    owner: UserPublic
    created_at: datetime
    updated_at: datetime
    version: int


class ItemsPublic(SQLModel):
    """A page of items."""

    items: list[ItemPublic]
    count: int


def get_session() -> Generator[Session]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]
TokenDep = Annotated[str, Depends(OAuth2PasswordBearer(tokenUrl="/api/v1/auth/token"))]


def get_current_user(session: SessionDep, token: TokenDep) -> User:
    try:
        payload = jwt.decode(token, SECRET, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(403, "Could not validate credentials") from None
    user = session.get(User, uuid.UUID(payload["sub"]))
    if not user:
        raise HTTPException(404, "User not found")
    if not user.is_active:
        raise HTTPException(400, "Inactive user")
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


@app.post("/api/v1/auth/token")
def log_in(session: SessionDep, form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
    user = session.exec(select(User).where(User.email == form.username)).first()
    if not user or not hasher.verify(form.password, user.password_hash):
        raise HTTPException(400, "Incorrect email or password")
    token = jwt.encode({"sub": str(user.id), "exp": now() + timedelta(hours=1)}, SECRET, "HS256")
    return {"access_token": token, "token_type": "bearer"}


@app.get("/api/v1/items", response_model=ItemsPublic)
def read_items(session: SessionDep, _user: CurrentUser, skip: int = 0, limit: int = 50):
    count = session.exec(select(func.count()).select_from(Item)).one()
    newest = select(Item).options(selectinload(Item.owner)).order_by(col(Item.created_at).desc())
    return {"items": session.exec(newest.offset(skip).limit(limit)).all(), "count": count}


@app.get("/api/v1/items/{item_id}", response_model=ItemPublic)
def read_item(session: SessionDep, user: CurrentUser, item_id: uuid.UUID):
    item = session.get(Item, item_id)
    if not item or item.owner_id != user.id:
        raise HTTPException(404, "Item not found")
    return item


@app.post("/api/v1/items", response_model=ItemPublic, status_code=201)
def create_item(session: SessionDep, user: CurrentUser, item_in: ItemBase):
    item = Item.model_validate(item_in, update={"owner_id": user.id})
    session.add(item)
    session.commit()
    session.refresh(item)
    return item
