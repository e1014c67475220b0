from sqlalchemy.orm import Session

from app import models


def read(db: Session):
    out = {}
    for order in db.query(models.Order):
        out[order.id] = db.query(models.Customer).filter_by(id=order.customer_id).first()
    return out
