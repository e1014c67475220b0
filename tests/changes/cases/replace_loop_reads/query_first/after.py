from sqlalchemy.orm import Session

from app import models


def read(db: Session):
    orders = db.query(models.Order).all()
    customers_by_id = {
        customer.id: customer
        for customer in db.query(models.Customer).filter(
            models.Customer.id.in_({order.customer_id for order in orders})
        )
    }
    for order in orders:
        customer = customers_by_id.get(order.customer_id)
        yield_to(order, customer)
    return orders
