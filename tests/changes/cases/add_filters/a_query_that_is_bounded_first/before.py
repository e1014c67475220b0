from fastapi import APIRouter
from sqlalchemy import func, select

from app.models import Order

router = APIRouter()


@router.get("/orders")
def read_orders(db):
    query = db.query(Order).limit(100)
    return query.all()
