"""Accounts of an app that guards nothing but what is sent to it, and whose names have to be of some length."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.apps.corpus import interpreter
from tests.recipes.account_apps import App
from tests.recipes.trials import evidence

# There is no GET that wants a token, a field is made by `constr`, and a name that is taken is left to the database.
BALLOTS = """
    import hashlib

    import jwt
    from fastapi import Depends, FastAPI, HTTPException
    from fastapi.security import OAuth2PasswordBearer
    from pydantic import BaseModel, constr
    from sqlalchemy import Column, Integer, String, create_engine
    from sqlalchemy.orm import Session, declarative_base, sessionmaker

    engine = create_engine("sqlite:///./ballots.db", connect_args={"check_same_thread": False})
    SessionLocal = sessionmaker(bind=engine)
    Base = declarative_base()
    KEY = "a key of ballots, long enough for a test"
    bearer = OAuth2PasswordBearer(tokenUrl="login")


    class User(Base):
        __tablename__ = "users"
        id = Column(Integer, primary_key=True)
        nickname = Column(String, unique=True)
        email = Column(String, unique=True)
        hashed_password = Column(String)


    class Ballot(Base):
        __tablename__ = "ballots"
        id = Column(Integer, primary_key=True)
        question = Column(String)


    Base.metadata.create_all(bind=engine)
    app = FastAPI()


    class UserIn(BaseModel):
        nickname: constr(min_length=5, max_length=30)
        email: constr(pattern=r"^\\S+@\\S+$")
        password: constr(min_length=8)


    class LoginIn(BaseModel):
        nickname: constr(min_length=5)
        password: str


    class BallotIn(BaseModel):
        question: str


    def get_db():
        db = SessionLocal()
        try:
            yield db
        finally:
            db.close()


    def hash_password(password: str) -> str:
        return hashlib.pbkdf2_hmac("sha256", password.encode(), b"salt", 1000).hex()


    def verify_password(password: str, hashed: str) -> bool:
        return hash_password(password) == hashed


    def get_current_user(token: str = Depends(bearer), db: Session = Depends(get_db)):
        try:
            nickname = jwt.decode(token, KEY, algorithms=["HS256"])["sub"]
        except jwt.InvalidTokenError:
            raise HTTPException(status_code=401, detail="no") from None
        user = db.query(User).filter(User.nickname == nickname).first()
        if user is None:
            raise HTTPException(status_code=401, detail="no")
        return user


    @app.post("/users", status_code=201)
    def create_user(data: UserIn, db: Session = Depends(get_db)):
        user = User(nickname=data.nickname, email=data.email, hashed_password=hash_password(data.password))
        db.add(user)
        db.commit()
        return {"id": user.id}


    @app.post("/login")
    def login(data: LoginIn, db: Session = Depends(get_db)):
        user = db.query(User).filter(User.nickname == data.nickname).first()
        if user is None or not verify_password(data.password, user.hashed_password):
            raise HTTPException(status_code=401, detail="no")
        return {"access_token": jwt.encode({"sub": user.nickname}, KEY, algorithm="HS256")}


    @app.post("/ballots", status_code=201)
    def open_ballot(data: BallotIn, db: Session = Depends(get_db), user: User = Depends(get_current_user)):
        db.add(Ballot(question=data.question))
        db.commit()
        return {"question": data.question}
"""


@pytest.fixture
def ballots(tmp_path: Path) -> App:
    (tmp_path / "main.py").write_text(dedent(BALLOTS), encoding="utf-8")
    return App(tmp_path, interpreter("tool_library"))


@pytest.mark.slow
def test_a_password_can_be_set_anew(ballots: App) -> None:
    result = ballots.add("password-reset")
    assert result.landed, result.refusal or result.proof
    assert "the old password is refused then" in evidence(result)


@pytest.mark.slow
def test_an_address_can_be_confirmed(ballots: App) -> None:
    result = ballots.add("email-verification")
    assert result.landed, result.refusal or result.proof
    assert "until a mailed token comes back" in evidence(result)
