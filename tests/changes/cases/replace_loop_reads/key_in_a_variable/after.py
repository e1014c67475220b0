from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


class Orders:
    def __init__(self, session: Session) -> None:
        self.session = session

    def read(self):
        orders = self.session.scalars(select(Order)).all()
        out = []
        order_customer_ids = list({order.customer_id for order in orders})
        customers_by_id = {
            customer.id: customer
            for start in range(0, len(order_customer_ids), 500)
            for customer in self.session.scalars(
                select(Customer).where(
                    Customer.id.in_(order_customer_ids[start : start + 500])
                )
            )
        }
        for order in orders:
            key = order.customer_id
            if key is None:
                continue
            out.append(customers_by_id.get(key))
        return out
