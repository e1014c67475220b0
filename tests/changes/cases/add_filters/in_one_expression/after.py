from decimal import Decimal

from fastapi import APIRouter
from sqlalchemy import func, select

from app.models import Order

router = APIRouter()


@router.get("/orders")
def read_orders(session, state: str | None = None, total_min: Decimal | None = None):
    statement = select(Order).order_by(Order.id)
    if state is not None:
        statement = statement.where(Order.state == state)
    if total_min is not None:
        statement = statement.where(Order.total >= total_min)
    return session.scalars(statement.limit(100)).all()
