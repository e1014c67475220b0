from fastapi import APIRouter
from sqlalchemy import func, select

from app.models import Order

router = APIRouter()


@router.get("/orders")
def read_orders(session, user):
    statement = select(Order).limit(100)
    if not user.is_admin:
        statement = statement.where(Order.owner_id == user.id)
    # the newest come last
    return session.scalars(statement.order_by(Order.id)).all()
