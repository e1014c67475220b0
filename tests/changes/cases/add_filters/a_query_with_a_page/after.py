from decimal import Decimal

from fastapi import APIRouter
from sqlalchemy import func, select

from app.models import Order

router = APIRouter()


@router.get("/orders")
def read_orders(
    db, skip: int = 0, state: str | None = None, total_min: Decimal | None = None
):
    query = (
        db.query(Order)
        .order_by(Order.id)
    )
    if state is not None:
        query = query.filter(Order.state == state)
    if total_min is not None:
        query = query.filter(Order.total >= total_min)
    return (
        query
        .offset(skip)
        .all()
    )
