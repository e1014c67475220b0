from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Order


def read(db: Session):
    orders = db.scalars(select(Order)).all()
    out = []
    line_product_ids = list(
        {line.product_id for order in orders for line in order.lines}
    )
    products_by_id = {
        product.id: product
        for start in range(0, len(line_product_ids), 500)
        for product in db.scalars(
            select(Product).where(Product.id.in_(line_product_ids[start : start + 500]))
        )
    }
    for order in orders:
        for line in order.lines:
            product = products_by_id.get(line.product_id)
            out.append((order.id, product))
    return out
