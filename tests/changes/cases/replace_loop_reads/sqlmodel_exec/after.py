from sqlmodel import Session, col, select

from app.models import Customer, Order


def read(session: Session):
    orders = session.exec(select(Order)).all()
    out = []
    order_emails = list({order.email for order in orders})
    customers_by_email = {
        customer.email: customer
        for start in range(0, len(order_emails), 500)
        for customer in session.exec(
            select(Customer).where(
                col(Customer.email).in_(order_emails[start : start + 500])
            )
        )
    }
    for order in orders:
        customer = customers_by_email.get(order.email)
        out.append((order.id, customer))
    return out
