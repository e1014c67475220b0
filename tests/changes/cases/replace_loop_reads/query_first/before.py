from sqlalchemy.orm import Session

from app import models


def read(db: Session):
    orders = db.query(models.Order).all()
    for order in orders:
        customer = db.query(models.Customer).filter(models.Customer.id == order.customer_id).first()
        yield_to(order, customer)
    return orders
