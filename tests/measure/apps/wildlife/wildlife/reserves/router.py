from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ..core import get_db
from .models import Reserve
from .schemas import ReserveRead

router = APIRouter(prefix="/reserves")


@router.get("/", response_model=list[ReserveRead])
async def read_reserves(limit: int = 50, db: AsyncSession = Depends(get_db)):
    result = await db.execute(select(Reserve).order_by(Reserve.id).limit(limit))
    return result.scalars().all()


@router.get("/names")
async def read_names(db: AsyncSession = Depends(get_db)) -> list[str]:
    return list(await db.scalars(select(Reserve.name).order_by(Reserve.name).limit(50)))
