from decimal import Decimal

from fastapi import APIRouter
from sqlalchemy import func, select

from app.models import Order

router = APIRouter()


@router.get("/orders")
def read_orders(session, state: str | None = None, total_min: Decimal | None = None):
    where = [Order.total > 0]
    if state is not None:
        where.append(Order.state == state)
    if total_min is not None:
        where.append(Order.total >= total_min)
    total = session.scalar(select(func.count()).select_from(Order).where(*where))
    rows = session.scalars(select(Order).where(*where)).all()
    return {"items": rows, "total": total}
