"""The operators' own little app, with its own docs, mounted at /backoffice."""

import time

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from .auth import operator
from .storage import GameTable, Line, Player, db

backoffice = FastAPI(title="Lobby back office", dependencies=[Depends(operator)])


class Numbers(BaseModel):
    players: int
    tables: int
    lines: int


class Ban(BaseModel):
    banned: bool = True


@backoffice.get("/numbers", response_model=Numbers)
def numbers(session: Session = Depends(db)):
    def count(model):
        return session.scalar(select(func.count()).select_from(model))

    return Numbers(players=count(Player), tables=count(GameTable), lines=count(Line))


@backoffice.put("/players/{nick}/ban", status_code=204)
def ban(nick: str, body: Ban, session: Session = Depends(db)):
    player = session.scalars(select(Player).where(Player.nick == nick)).one_or_none()
    if player is None:
        raise HTTPException(404, "nobody has that nick")
    player.banned = body.banned
    session.commit()


@backoffice.post("/tables/{table_id}/close", status_code=204)
def close(table_id: int, session: Session = Depends(db)):
    table = session.get(GameTable, table_id)
    if table is None:
        raise HTTPException(404, "no such table")
    table.closed_at = table.closed_at or time.time()
    session.commit()
