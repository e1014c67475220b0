from sqlmodel import Session, col, select

from app.models import Customer, Order


def read(session: Session):
    orders = session.exec(select(Order)).all()
    out = []
    order_customer_ids = list({order.customer_id for order in orders})
    customers_by_id = {
        customer.id: customer
        for start in range(0, len(order_customer_ids), 500)
        for customer in session.exec(
            select(Customer).where(
                col(Customer.id).in_(order_customer_ids[start : start + 500])
            )
        )
    }
    for order in orders:
        customer = customers_by_id.get(order.customer_id)
        out.append((order.id, customer))
    return out
