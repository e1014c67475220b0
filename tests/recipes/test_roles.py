"""`add roles`: what an account may do, and who gives it more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recipes.styles import project
from tests.recipes.trials import evidence

# Accounts as strict as apps make them: a policy for passwords, and a name and a number that nobody else has.
STRICT = {
    "requirements.txt": "fastapi\nsqlalchemy\npyjwt\n",
    "main.py": """
        import hashlib
        import re

        import jwt
        from fastapi import Depends, FastAPI, HTTPException
        from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
        from pydantic import BaseModel, field_validator
        from sqlalchemy import String, create_engine, select
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

        SECRET_KEY = "a-secret-of-at-least-thirty-two-bytes"
        engine = create_engine("sqlite:///club.db")
        app = FastAPI()
        scheme = OAuth2PasswordBearer(tokenUrl="login")

        class Base(DeclarativeBase):
            pass

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            username: Mapped[str] = mapped_column(String(40), unique=True)
            email: Mapped[str] = mapped_column(String(80), unique=True)
            phone: Mapped[str] = mapped_column(String(10), unique=True)
            password: Mapped[str] = mapped_column(String(200))

        class UserCreate(BaseModel):
            username: str
            email: str
            phone: str
            password: str

            @field_validator("phone")
            @classmethod
            def is_a_number(cls, value: str) -> str:
                if not re.fullmatch(r"[6-9]\\d{9}", value):
                    raise ValueError("ten digits")
                return value

            @field_validator("password")
            @classmethod
            def is_strong(cls, value: str) -> str:
                if not all(re.search(kind, value) for kind in ("[A-Z]", "[a-z]", "[0-9]", "[@$!%*?&]")):
                    raise ValueError("too simple")
                return value

        class UserOut(BaseModel):
            id: int
            email: str
            model_config = {"from_attributes": True}

        def hashed(password: str) -> str:
            return hashlib.sha256(password.encode()).hexdigest()

        def get_db():
            with Session(engine) as session:
                yield session

        def get_current_user(token: str = Depends(scheme), db: Session = Depends(get_db)) -> User:
            try:
                email = jwt.decode(token, SECRET_KEY, algorithms=["HS256"])["sub"]
            except jwt.PyJWTError as error:
                raise HTTPException(401, "not signed in") from error
            user = db.scalar(select(User).where(User.email == email))
            if user is None:
                raise HTTPException(401, "not signed in")
            return user

        @app.post("/register", status_code=201)
        def register(data: UserCreate, db: Session = Depends(get_db)) -> UserOut:
            user = User(**{**data.model_dump(), "password": hashed(data.password)})
            db.add(user)
            db.commit()
            return UserOut.model_validate(user)

        @app.post("/login")
        def login(form: OAuth2PasswordRequestForm = Depends(), db: Session = Depends(get_db)) -> dict[str, str]:
            user = db.scalar(select(User).where(User.email == form.username))
            if user is None or user.password != hashed(form.password):
                raise HTTPException(401, "wrong credentials")
            token = jwt.encode({"sub": user.email}, SECRET_KEY, algorithm="HS256")
            return {"access_token": token, "token_type": "bearer"}

        @app.get("/me")
        def read_me(user: User = Depends(get_current_user)) -> UserOut:
            return UserOut.model_validate(user)
    """,
}


@pytest.mark.slow
def test_accounts_that_have_to_be_strong_and_unlike_each_other_get_roles(tmp_path: Path) -> None:
    app = project(tmp_path, STRICT)
    before = app.files()
    result = app.add("roles")
    assert result.landed, result.refusal or result.proof
    assert "now a new account is user and gets 403" in evidence(result)
    app.undo()
    assert app.files() == before
