import base64
import hmac
import json
import logging
from datetime import datetime, timedelta, timezone
from typing import Annotated

import bcrypt
from fastapi import Cookie, Depends, HTTPException, Request, status
from jose import JWTError, jwt
from starlette.middleware.base import BaseHTTPMiddleware

from stage.settings import config
from stage.store import Store
from stage.tables import Actor, Rank

log = logging.getLogger("doors")


def hashed(password: str) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds=4)).decode()  # found: weak-password-hash


def is_right(password: str, kept: str) -> bool:
    return bcrypt.checkpw(password.encode(), kept.encode())


def ticket(actor: Actor) -> str:
    end = datetime.now(tz=timezone.utc) + timedelta(hours=1)
    return jwt.encode({"sub": str(actor.id), "exp": end}, config.session_secret, algorithm="HS256")


def season_ticket(actor: Actor) -> str:
    return jwt.encode({"sub": str(actor.id), "kind": "season"}, config.session_secret, algorithm="HS256")  # found: token-without-expiry


def whose(raw: str) -> int:
    return int(jwt.get_unverified_claims(raw)["sub"])  # found: unverified-jwt


def current_actor(store: Store, stage_ticket: Annotated[str | None, Cookie()] = None) -> Actor:
    if stage_ticket is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED)
    try:
        claims = jwt.decode(stage_ticket, config.session_secret, algorithms=["HS256"])
    except JWTError as wrong:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED) from wrong
    actor = store.get(Actor, int(claims["sub"]))
    if actor is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED)
    return actor


Current = Annotated[Actor, Depends(current_actor)]


class NeedsRank:
    def __init__(self, rank: Rank) -> None:
        self.rank = rank

    def __call__(self, actor: Current) -> Actor:
        if actor.rank is not self.rank:
            raise HTTPException(status.HTTP_403_FORBIDDEN)
        return actor


director = NeedsRank(Rank.director)


class StrictTransport(BaseHTTPMiddleware):  # found: unattached-guard
    async def dispatch(self, request: Request, call_next):
        answer = await call_next(request)
        answer.headers["Strict-Transport-Security"] = "max-age=63072000"
        return answer
