from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import get_db
from app.models import Order

router = APIRouter()


@router.get('/orders')
async def read_orders(
    db: Annotated[Session, Depends(get_db)],
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> list[str]:
    stmt = select(Order).order_by(Order.name)
    result = await db.execute(stmt.limit(limit).offset(offset))
    return result.scalars().all()
