from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from tram.model import Line

engine = create_async_engine("sqlite+aiosqlite:///tram.db")
app = FastAPI(title="Tram lines")


async def session():
    async with AsyncSession(engine) as opened:
        yield opened


def timetable(db: Session) -> list[dict]:
    lines = db.scalars(select(Line).order_by(Line.number, Line.id).limit(60)).all()
    return [{"line": line.number, "stops": [stop.name for stop in line.stops]} for line in lines]


@app.get("/timetable")
async def read_timetable(db: AsyncSession = Depends(session)) -> list[dict]:
    return await db.run_sync(timetable)
