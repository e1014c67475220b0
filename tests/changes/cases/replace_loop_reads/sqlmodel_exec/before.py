from sqlmodel import Session, select

from app.models import Customer, Order


def read(session: Session):
    orders = session.exec(select(Order)).all()
    out = []
    for order in orders:
        customer = session.exec(select(Customer).where(Customer.email == order.email)).first()
        out.append((order.id, customer))
    return out
