from sqlalchemy.orm import Session

from app import models


def read(db: Session):
    out = {}
    orders = list(db.query(models.Order))
    customers_by_id = {
        customer.id: customer
        for customer in db.query(models.Customer).filter(
            models.Customer.id.in_({order.customer_id for order in orders})
        )
    }
    for order in orders:
        out[order.id] = customers_by_id.get(order.customer_id)
    return out
