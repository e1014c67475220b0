import hashlib
from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from notebooks.db import Base, DbDep

oauth2 = OAuth2PasswordBearer(tokenUrl="login")


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    token_hash: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)


def current_user(token: Annotated[str, Depends(oauth2)], db: DbDep) -> User:
    digest = hashlib.sha256(token.encode()).hexdigest()
    user = db.scalars(select(User).where(User.token_hash == digest)).first()
    if user is None or not user.is_active:
        raise HTTPException(401, "unknown token")
    return user


CurrentUser = Annotated[User, Depends(current_user)]
