import hashlib
import os
from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.orm import Session

from shelfmark.database import get_session
from shelfmark.models import Reader
from shelfmark.settings import Settings, get_settings

oauth2 = OAuth2PasswordBearer(tokenUrl="/auth/token")

Db = Annotated[Session, Depends(get_session)]
Config = Annotated[Settings, Depends(get_settings)]


def hash_password(password: str, salt: bytes | None = None) -> str:
    salt = salt or os.urandom(16)
    return salt.hex() + "$" + hashlib.scrypt(password.encode(), salt=salt, n=2**12, r=8, p=1).hex()


def check_password(password: str, stored: str) -> bool:
    return hash_password(password, bytes.fromhex(stored.partition("$")[0])) == stored


def issue_token(reader: Reader, settings: Settings) -> str:
    exp = datetime.now(UTC) + timedelta(hours=settings.token_hours)
    return jwt.encode({"sub": str(reader.id), "exp": exp}, settings.secret.get_secret_value(), "HS256")


def current_reader(token: Annotated[str, Depends(oauth2)], db: Db, settings: Config) -> Reader:
    try:
        claims = jwt.decode(token, settings.secret.get_secret_value(), ["HS256"])
        reader = db.get(Reader, int(claims["sub"]))
    except (jwt.InvalidTokenError, KeyError, ValueError):
        reader = None
    if reader is None:
        raise HTTPException(401, "Please log in again", {"WWW-Authenticate": "Bearer"})
    return reader


Me = Annotated[Reader, Depends(current_reader)]


def require_librarian(me: Me) -> None:
    if not me.is_librarian:
        raise HTTPException(403, "Librarians only")
