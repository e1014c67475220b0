from sqlalchemy.orm import Session

from app import models


def read(db: Session):
    out = {}
    orders = list(db.query(models.Order))
    order_customer_ids = list({order.customer_id for order in orders})
    customers_by_id = {
        customer.id: customer
        for start in range(0, len(order_customer_ids), 500)
        for customer in db.query(models.Customer).filter(
            models.Customer.id.in_(order_customer_ids[start : start + 500])
        )
    }
    for order in orders:
        out[order.id] = customers_by_id.get(order.customer_id)
    return out
