from decimal import Decimal

from fastapi import APIRouter
from sqlalchemy import func, select

from app.models import Order

router = APIRouter()


@router.get("/orders")
def read_orders(
    session, user, state: str | None = None, total_min: Decimal | None = None
):
    statement = select(Order).limit(100)
    if not user.is_admin:
        statement = statement.where(Order.owner_id == user.id)
    if state is not None:
        statement = statement.where(Order.state == state)
    if total_min is not None:
        statement = statement.where(Order.total >= total_min)
    # the newest come last
    return session.scalars(statement.order_by(Order.id)).all()
