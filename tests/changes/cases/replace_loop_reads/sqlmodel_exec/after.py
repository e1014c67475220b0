from sqlmodel import Session, col, select

from app.models import Customer, Order


def read(session: Session):
    orders = session.exec(select(Order)).all()
    out = []
    customers_by_email = {
        customer.email: customer
        for customer in session.exec(
            select(Customer).where(
                col(Customer.email).in_({order.email for order in orders})
            )
        )
    }
    for order in orders:
        customer = customers_by_email.get(order.email)
        out.append((order.id, customer))
    return out
