import os

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.orm import Session

from gazette.database import get_db
from gazette.models import User

scheme = OAuth2PasswordBearer(tokenUrl="login")


def get_current_user(token: str = Depends(scheme), db: Session = Depends(get_db)) -> User:
    try:
        claims = jwt.decode(token, os.environ["GAZETTE_KEY"], algorithms=["HS256"])
    except jwt.PyJWTError as error:
        raise HTTPException(401) from error
    user = db.get(User, int(claims["sub"]))
    if user is None:
        raise HTTPException(401)
    return user
