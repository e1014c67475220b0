from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session):
    orders = db.scalars(select(Order)).all()
    out = []
    for order in orders:
        for line in order.lines:
            product = db.get(Product, line.product_id)
            out.append((order.id, product))
    return out
