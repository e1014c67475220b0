"""Accounts and transfers: async SQLAlchemy, bearer tokens, roles."""

from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from ledger.db import Account, Base, User, engine, get_session
from ledger.security import admin_only, current_user

SessionDep = Annotated[AsyncSession, Depends(get_session)]
Me = Annotated[User, Depends(current_user)]


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield


app = FastAPI(lifespan=lifespan)


class AccountIn(BaseModel):
    iban: str = Field(min_length=15, max_length=34)
    owner_id: int


class AccountOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    iban: str
    balance: int


class UserOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    email: str
    accounts: list[AccountOut]


class TransferIn(BaseModel):
    from_account: int
    to_account: int
    cents: int = Field(gt=0)


class Transfer(BaseModel):
    id: int
    cents: int


@app.post("/accounts", response_model=AccountOut, status_code=201)
async def open_account(data: AccountIn, session: SessionDep, me: Me):
    owner = await session.get(User, data.owner_id)
    if owner is None:
        raise HTTPException(404, "no such owner")
    account = Account(iban=data.iban, owner_id=owner.id)
    session.add(account)
    await session.commit()
    return account


@app.get("/accounts/{account_id}", response_model=AccountOut)
async def show_account(account_id: int, session: SessionDep, me: Me):
    account = await session.get(Account, account_id)
    if account is None or account.owner_id != me.id:
        raise HTTPException(404, "no such account")
    return account


@app.get("/users/{user_id}", response_model=UserOut)
async def show_user(user_id: int, session: SessionDep):
    user = await session.get(User, user_id)
    if user is None:
        raise HTTPException(404, "no such user")
    return user


@app.get("/people/{user_id}", response_model=UserOut)
async def show_person(user_id: int, session: SessionDep):
    user = await session.scalar(select(User).where(User.id == user_id).options(selectinload(User.accounts)))
    if not user:
        raise HTTPException(404, "no such user")
    return user


@app.post("/transfers", response_model=Transfer)
async def transfer(data: TransferIn, session: SessionDep, me: Me):
    if data.from_account == data.to_account:
        raise HTTPException(400, "the accounts must differ")
    return {"amount": data.cents}


@app.delete("/users/{user_id}", status_code=204, dependencies=[Depends(admin_only)])
async def delete_user(user_id: int, session: SessionDep):
    user = await session.get(User, user_id)
    if user is None:
        raise HTTPException(404, "no such user")
    await session.delete(user)
    await session.commit()
