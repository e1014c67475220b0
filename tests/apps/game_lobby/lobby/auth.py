import os
import secrets
from typing import Optional

from fastapi import Depends, HTTPException, Query, WebSocketException, status
from fastapi.security import APIKeyCookie, HTTPBasic, HTTPBasicCredentials
from sqlalchemy.orm import Session

from .storage import Player, db, player_by_key

cookie = APIKeyCookie(name="lobby_session")
basic = HTTPBasic(realm="back office")

OPERATOR = os.environ.get("LOBBY_OPERATOR", "operator")
OPERATOR_PASSWORD = os.environ.get("LOBBY_OPERATOR_PASSWORD", "operator")


def player(key: str = Depends(cookie), session: Session = Depends(db)) -> Player:
    found = player_by_key(session, key)
    if found is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "please join first")
    if found.banned:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "you are banned")
    return found


def socket_player(key: Optional[str] = Query(None), session: Session = Depends(db)) -> Player:
    """Browsers cannot set headers on a WebSocket, so the key comes in the query."""
    found = player_by_key(session, key)
    if found is None or found.banned:
        raise WebSocketException(code=status.WS_1008_POLICY_VIOLATION)
    return found


def operator(credentials: HTTPBasicCredentials = Depends(basic)) -> str:
    name_ok = secrets.compare_digest(credentials.username.encode(), OPERATOR.encode())
    password_ok = secrets.compare_digest(credentials.password.encode(), OPERATOR_PASSWORD.encode())
    if not (name_ok and password_ok):
        raise HTTPException(401, "not an operator", headers={"WWW-Authenticate": "Basic"})
    return credentials.username
