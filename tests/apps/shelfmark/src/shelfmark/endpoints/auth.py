from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from fastapi.security import OAuth2PasswordRequestForm
from sqlalchemy import exists, select

from shelfmark.auth import Config, Db, Me, check_password, hash_password, issue_token
from shelfmark.models import Reader
from shelfmark.schemas import ReaderNew, ReaderView, TokenView

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post("/signup", response_model=ReaderView, status_code=201)
def signup(new: ReaderNew, db: Db, settings: Config):
    if not settings.signup_open:
        raise HTTPException(409, "Signup is closed, ask your club")
    if db.scalar(select(exists().where(Reader.username == new.username))):
        raise HTTPException(409, "That name is taken")
    reader = Reader(username=new.username, password_hash=hash_password(new.password))
    db.add(reader)
    db.commit()
    return reader


@router.post("/token", response_model=TokenView)
def token(form: Annotated[OAuth2PasswordRequestForm, Depends()], db: Db, settings: Config):
    reader = db.scalar(select(Reader).where(Reader.username == form.username))
    if reader is None or not check_password(form.password, reader.password_hash):
        raise HTTPException(400, "Wrong name or password")
    return TokenView(access_token=issue_token(reader, settings))


@router.get("/me", response_model=ReaderView)
def me(me: Me):
    return me
