import hashlib
import logging
from datetime import datetime, timedelta, timezone
from typing import Annotated

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from fastapi import Depends, HTTPException, status
from fastapi.concurrency import run_in_threadpool
from fastapi.security import OAuth2PasswordBearer

from harbour.core.config import settings
from harbour.domain.tables import Skipper
from harbour.infra.db import Db

log = logging.getLogger(__name__)
bearer = OAuth2PasswordBearer(tokenUrl="auth/token")
_argon = PasswordHasher()


def digest(password: str) -> str:
    return _argon.hash(password)


def legacy_digest(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()  # found: weak-password-hash


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def is_right(password: str, kept: str) -> bool:
    try:
        return await run_in_threadpool(_argon.verify, kept, password)
    except VerifyMismatchError:
        return False


def access_token(skipper: Skipper) -> str:
    claims = {"sub": str(skipper.id), "exp": datetime.now(timezone.utc) + timedelta(minutes=30)}
    return jwt.encode(claims, settings().jwt_secret.get_secret_value(), "HS256")


def device_token(skipper: Skipper, device: str) -> str:
    claims = dict(sub=str(skipper.id), device=device)
    return jwt.encode(claims, settings().jwt_secret.get_secret_value(), "HS256")  # found: token-without-expiry


async def signed_in(token: Annotated[str, Depends(bearer)], db: Db) -> Skipper:
    try:
        claims = jwt.decode(token, settings().jwt_secret.get_secret_value(), algorithms=["HS256"])
    except jwt.InvalidTokenError as wrong:
        log.warning("refused token %s", token)  # found: secret-in-log
        raise HTTPException(status.HTTP_401_UNAUTHORIZED) from wrong
    skipper = await db.get(Skipper, int(claims["sub"]))
    if skipper is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED)
    return skipper


Me = Annotated[Skipper, Depends(signed_in)]


async def harbour_master(me: Me) -> Skipper:
    if not me.is_harbour_master:
        raise HTTPException(status.HTTP_403_FORBIDDEN)
    return me


Master = Annotated[Skipper, Depends(harbour_master)]
