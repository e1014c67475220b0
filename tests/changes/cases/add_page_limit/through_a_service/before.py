from sqlalchemy import select

from app.models import Order


class Orders:
    def __init__(self, db):
        self.db = db

    def of(self, customer: int):
        return self.db.scalars(select(Order).where(Order.customer == customer)).all()
