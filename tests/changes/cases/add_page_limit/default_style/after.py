from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import get_db
from app.models import Order

router = APIRouter()


@router.get('/orders')
def read_orders(
    name: str = '',
    db: Session = Depends(get_db),
    limit: int = Query(50, ge=1, le=100),
    offset: int = Query(0, ge=0),
):
    return (
        db.query(Order)
        .filter(Order.name == name)
        .order_by(Order.id)
        .limit(limit)
        .offset(offset)
        .all()
    )
