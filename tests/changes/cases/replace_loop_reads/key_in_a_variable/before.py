from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


class Orders:
    def __init__(self, session: Session) -> None:
        self.session = session

    def read(self):
        orders = self.session.scalars(select(Order)).all()
        out = []
        for order in orders:
            key = order.customer_id
            if key is None:
                continue
            out.append(self.session.get(Customer, key))
        return out
