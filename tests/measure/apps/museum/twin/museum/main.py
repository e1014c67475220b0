from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from museum.collection import Piece, Room
from museum.database import fetch_all, session

app = FastAPI()
Db = Annotated[AsyncSession, Depends(session)]


@app.get("/rooms")
async def rooms(db: Db):
    found = await fetch_all(db, select(Room).options(selectinload(Room.pieces)).order_by(Room.id).limit(100))
    return [{"room": room.name, "pieces": len(await pieces_of(room, db))} for room in found]


async def pieces_of(room: Room, db: AsyncSession):
    return await db.run_sync(lambda _: list(room.pieces))


@app.get("/pieces")
async def pieces(db: Db, since: int = 0):
    found = await fetch_all(db, select(Piece).where(Piece.year >= since).order_by(Piece.id).limit(100))
    return [{"title": piece.title, "room": piece.room.name} for piece in found]
