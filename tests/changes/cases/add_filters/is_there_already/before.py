from fastapi import APIRouter
from sqlalchemy import func, select

from app.models import Order

router = APIRouter()


@router.get("/orders")
def read_orders(session, total_min: int | None = None, state: str | None = None):
    return session.scalars(select(Order)).all()
