from fastapi import Depends, FastAPI
from sqlalchemy import select

from cinema.tables import AsyncSession, Film, Screening, get_session

app = FastAPI()


@app.get("/screenings")
async def screenings(session: AsyncSession = Depends(get_session)):
    result = await session.execute(
        select(Screening.hall, Film.title)
        .outerjoin(Film, Film.id == Screening.film_id)
        .order_by(Screening.id)
        .limit(50)
    )
    return [{"hall": hall, "film": title} for hall, title in result]


@app.get("/films")
async def films(session: AsyncSession = Depends(get_session)):
    result = await session.execute(select(Film.title).order_by(Film.title).limit(50))
    return {"films": list(result.scalars())}
