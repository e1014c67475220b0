from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pwdlib import PasswordHash
from sqlalchemy.ext.asyncio import AsyncSession

from newsroom.config import settings
from newsroom.database import get_session
from newsroom.models import Account

bearer = HTTPBearer()
passwords = PasswordHash.recommended()
Db = Annotated[AsyncSession, Depends(get_session)]


def issue(account: Account) -> str:
    claims = {"sub": str(account.id), "exp": datetime.now(UTC) + timedelta(minutes=20)}
    return jwt.encode(claims, settings.jwt_key.get_secret_value(), algorithm="HS256")


async def signed_in(credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)], db: Db) -> Account:
    try:
        claims = jwt.decode(credentials.credentials, settings.jwt_key.get_secret_value(), algorithms=["HS256"])
    except jwt.PyJWTError as error:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED) from error
    account = await db.get(Account, int(claims["sub"]))
    if account is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED)
    return account


Me = Annotated[Account, Depends(signed_in)]


class HasRole:
    def __init__(self, role: str) -> None:
        self.role = role

    async def __call__(self, me: Me) -> Account:
        if me.role != self.role:
            raise HTTPException(status.HTTP_403_FORBIDDEN)
        return me
