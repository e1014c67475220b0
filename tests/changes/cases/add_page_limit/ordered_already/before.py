from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import get_db
from app.models import Order

router = APIRouter()


@router.get('/orders')
async def read_orders(db: Annotated[Session, Depends(get_db)]) -> list[str]:
    stmt = select(Order).order_by(Order.name)
    result = await db.execute(stmt)
    return result.scalars().all()
