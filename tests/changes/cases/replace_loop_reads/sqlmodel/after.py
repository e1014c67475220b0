from sqlmodel import Session, col, select

from app.models import Customer, Order


def read(session: Session):
    orders = session.exec(select(Order)).all()
    out = []
    customers_by_id = {
        customer.id: customer
        for customer in session.exec(
            select(Customer).where(
                col(Customer.id).in_({order.customer_id for order in orders})
            )
        )
    }
    for order in orders:
        customer = customers_by_id.get(order.customer_id)
        out.append((order.id, customer))
    return out
