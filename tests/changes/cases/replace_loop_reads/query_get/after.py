from sqlalchemy.orm import Session

from app import models


def read(db: Session, orders: list[models.Order]):
    customers_by_id = {
        customer.id: customer
        for customer in db.query(models.Customer).filter(
            models.Customer.id.in_({order.customer_id for order in orders})
        )
    }
    return {order.id: customers_by_id.get(order.customer_id) for order in orders}
