from fastapi import APIRouter
from sqlalchemy import func, select

from app.models import Order

router = APIRouter()


@router.get("/orders")
def read_orders(db, skip: int = 0):
    return (
        db.query(Order)
        .order_by(Order.id)
        .offset(skip)
        .all()
    )
