from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Security
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, ConfigDict

from vetbook.db import Db
from vetbook.users.models import User
from vetbook.users.security import (
    create_access_token,
    get_current_active_user,
    hash_password,
    verify_password,
)

router = APIRouter(tags=["users"])


class Token(BaseModel):
    access_token: str
    token_type: str


class UserOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    username: str
    full_name: str
    disabled: bool


class UserIn(BaseModel):
    username: str
    full_name: str
    password: str
    scopes: list[str] = []


@router.post("/token")
async def login_for_access_token(form_data: Annotated[OAuth2PasswordRequestForm, Depends()], db: Db) -> Token:
    user = db.get(User, form_data.username)
    if not user or not verify_password(form_data.password, user.hashed_password):
        raise HTTPException(status_code=400, detail="Incorrect username or password")
    granted = [s for s in form_data.scopes if s in user.scopes.split()]
    return Token(access_token=create_access_token(user.username, granted), token_type="bearer")


@router.get("/users/me", response_model=UserOut)
async def read_users_me(current_user: Annotated[User, Depends(get_current_active_user)]):
    return current_user


@router.post("/users", response_model=UserOut, status_code=201)
async def create_user(
    body: UserIn,
    db: Db,
    manager: Annotated[User, Security(get_current_active_user, scopes=["users:manage"])],
):
    if db.get(User, body.username):
        raise HTTPException(status_code=409, detail="Username is taken")
    user = User(
        username=body.username,
        full_name=body.full_name,
        hashed_password=hash_password(body.password),
        scopes=" ".join(body.scopes),
    )
    db.add(user)
    db.commit()
    return user
