from fastapi import APIRouter
from sqlalchemy import func, select

from app.models import Order

router = APIRouter()


@router.get("/orders")
def read_orders(session):
    where = [Order.total > 0]
    total = session.scalar(select(func.count()).select_from(Order).where(*where))
    rows = session.scalars(select(Order).where(*where)).all()
    return {"items": rows, "total": total}
