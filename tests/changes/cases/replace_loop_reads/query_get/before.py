from sqlalchemy.orm import Session

from app import models


def read(db: Session, orders: list[models.Order]):
    return {order.id: db.query(models.Customer).get(order.customer_id) for order in orders}
