from sqlalchemy import select

from app.models import Order


class Orders:
    def __init__(self, db):
        self.db = db

    def of(self, customer: int, limit: int | None = None, offset: int | None = None):
        return self.db.scalars(
            select(Order)
            .where(Order.customer == customer)
            .order_by(Order.id)
            .limit(limit)
            .offset(offset)
        ).all()
