from fastapi import APIRouter
from sqlalchemy import func, select

from app.models import Order

router = APIRouter()


@router.get("/orders")
def read_orders(session):
    return session.scalars(select(Order).order_by(Order.id).limit(100)).all()
