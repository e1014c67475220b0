from fastapi import Depends, FastAPI
from sqlalchemy import select

from cinema.tables import AsyncSession, Film, Screening, get_session

app = FastAPI()


@app.get("/screenings")
async def screenings(session: AsyncSession = Depends(get_session)):
    result = await session.execute(select(Screening).order_by(Screening.id).limit(50))
    programme = []
    for screening in result.scalars().all():
        stmt = select(Film).where(Film.id == screening.film_id)
        row = await session.execute(stmt)
        film = row.scalar_one_or_none()
        programme.append({"hall": screening.hall, "film": film.title if film else None})
    return programme


@app.get("/films")
async def films(session: AsyncSession = Depends(get_session)):
    result = await session.execute(select(Film.title).order_by(Film.title).limit(50))
    return {"films": list(result.scalars())}
